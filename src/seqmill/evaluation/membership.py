"""How well a model gives away who was learnt from: an attack with nothing but its losses.

Source of the method: Yeom et al. (2018), "Privacy risk in machine learning: analyzing the connection to
overfitting".
"""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from seqmill.evaluation.bootstrap import REPLICATES, resample
from seqmill.evaluation.metrics import estimated
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import example_id

MOST = 2000
"""Most examples of each side that are attacked; in stored order, the first ones are drawn at random."""

MEMBERS, OTHERS = "train", "test"
METRIC = "membership_auroc"

Floats = npt.NDArray[np.float64]


def audit_membership(
    module: Any, manifest: Manifest, *, fraction: float = 1.0, replicates: int = REPLICATES
) -> list[dict[str, Any]]:
    """Attack a trained model: an example with a small loss is taken for one that was learnt from.

    It is the simplest of attacks, so that its success is a lower bound of what the model gives away: 0.5 does
    not mean that nothing leaks, more than 0.5 means that something does. What the training split and the test
    differ in beside membership counts for the attack as well.

    Parameters
    ----------
    module : LightningModule
        A task with its tables; the loss of one example is its ``training_step`` in evaluation mode.
    manifest : Manifest
        The dataset it was trained on.
    fraction : float
        Share of the training split that it was trained on.
    replicates : int
        Bootstrap replicates of the interval; groups of the splits, such as persons, are drawn whole.

    Returns
    -------
    list of dict
        Rows of ``metrics.json``: ``membership_auroc``, the probability that of a training and a test example
        the latter has the larger loss (ties count half), with its interval; none where all losses are equal.
    """
    read = [
        example_losses(module, manifest, MEMBERS, fraction=fraction).assign(label_loss=1.0),
        example_losses(module, manifest, OTHERS).assign(label_loss=0.0),
    ]
    items = pd.concat(read, ignore_index=True).dropna()
    if items["score_loss"].nunique() < 2 or items["label_loss"].nunique() < 2:
        return []
    return [estimated(METRIC, resample(items, replicates=replicates)["loss", "auroc"].share_interval())]


def example_losses(module: Any, manifest: Manifest, split: str, *, fraction: float = 1.0) -> pd.DataFrame:
    """Give ``item``, ``block`` (the group) and ``score_loss``, the loss times -1, of `MOST` examples."""
    columns = [column.name for column in manifest.encoding.numeric_columns]
    loader = Loader(
        manifest,
        split,
        batch_size=MOST,
        seed=0,
        shuffle=False,
        columns=[*columns, "group"],
        threads=0,
        fraction=fraction,
    )
    batch = next(loader.epoch(0))
    groups = {name: example_id(str(name)) for name in set(batch["group"])}
    device = next(module.parameters()).device
    tensors = {name: torch.from_numpy(batch[name]).to(device) for name in columns}
    module.eval()
    with torch.inference_mode():
        losses = [
            float(module.training_step({name: held[at : at + 1] for name, held in tensors.items()}, at))
            for at in range(len(batch["group"]))
        ]
    return pd.DataFrame(
        {
            "item": batch["example_id"],
            "block": np.array([groups[name] for name in batch["group"]], np.uint64),
            "score_loss": -np.array(losses, np.float64),
        }
    )
