"""A moving average of the weights, which is validated and kept while the weights go on being trained."""

import pytorch_lightning as pl
from pytorch_lightning.callbacks import EMAWeightAveraging


class Average(EMAWeightAveraging):
    """Keeps an exponential moving average over steps (Polyak and Juditsky 1992), as part of the state.

    Validation, and what is kept after it, see the average; it has to stand behind what keeps the best weights
    among the callbacks. Buffers are those of the weights: running statistics are averages already, and tables
    are no weights.

    Parameters
    ----------
    decay : float
        What each step leaves of the average before it; its first value is that of the weights.
    """

    def __init__(self, decay: float) -> None:
        super().__init__(decay=decay, use_buffers=False)

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Leave the average in the module until the best weights are kept."""

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Put the weights back that are trained."""
        super().on_validation_epoch_end(trainer, pl_module)
