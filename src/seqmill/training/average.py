"""A moving average of the weights, which is validated and kept while the weights go on being trained."""

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import WeightAveraging


class Average(WeightAveraging):
    """Keeps an exponential moving average over steps (Polyak and Juditsky 1992), as part of the state.

    Validation, and what is kept after it, see the average; it has to stand behind what keeps the best weights
    among the callbacks. Running statistics are averaged like weights, for they belong to them; what does not
    change, such as a table, stays as it is to the bit, and so do whole numbers, which are the newest.

    Parameters
    ----------
    decay : float
        What each step leaves of the average before it, at most: after n averaged steps (1 + n) / (10 + n), so
        that it looks back over a tenth of the training, and does not hang on what the weights began as.
    """

    def __init__(self, decay: float) -> None:
        def towards(average: torch.Tensor, current: torch.Tensor, steps: torch.Tensor) -> torch.Tensor:
            if not average.is_floating_point():
                return current
            return average.lerp(current, 1 - min(decay, (1 + int(steps)) / (10 + int(steps))))

        super().__init__(use_buffers=True, avg_fn=towards)

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Leave the average in the module until the best weights are kept."""

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Put the weights back that are trained."""
        super().on_validation_epoch_end(trainer, pl_module)
