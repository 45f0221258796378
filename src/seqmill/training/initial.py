"""Fine-tuning: a run that starts from the weights of another model."""

from dataclasses import dataclass
from pathlib import Path

import pytorch_lightning as pl
import torch

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.origin import Node
from seqmill.shards.schema import Encoding
from seqmill.tracking.registry import resolve_model
from seqmill.training import checkpoint

TRUNK = "network.trunk."
"""Beginning of the names of the weights that read DNA, in every application."""


@dataclass(frozen=True, kw_only=True)
class Initial:
    """A model that a run starts from, or learns from.

    Attributes
    ----------
    name : str
        As the configuration names it.
    path : Path
        Its checkpoint.
    sha256 : str
        Checksum of the checkpoint; another one under the same name is another start.
    """

    name: str
    path: Path
    sha256: str

    @property
    def origin(self) -> Node:
        """The checkpoint with what it was made of, for the lineage of what is trained from it."""
        return checkpoint.origin(self.path, checkpoint.read_facts(self.path))


def find_initial(name: str, store: str) -> Initial | None:
    """Find the checkpoint that ``init_from`` names, None when it names none.

    Parameters
    ----------
    name : str
        A checkpoint's path, ``models:/NAME@ALIAS`` or ``models:/NAME/VERSION``, or empty.
    store : str
        Address of the tracking store that ``models:/`` is looked up in.

    Raises
    ------
    InputError
        When there is no such file or model.
    """
    return find_model(name, store) if name else None


def find_model(name: str, store: str) -> Initial:
    """Find a named checkpoint, as `find_initial` does."""
    path = resolve_model(name, uri=store)
    return Initial(name=name, path=path, sha256=sha256_file(path))


@dataclass(frozen=True, kw_only=True)
class Start:
    """Which weights of a network came from another model, by name.

    Attributes
    ----------
    taken, drawn : tuple of str
        Weights of the network that were copied, and those that stay as drawn, such as those of a head for
        other classes.
    left : tuple of str
        Weights of the other model that were offered and do not fit.
    """

    taken: tuple[str, ...]
    drawn: tuple[str, ...]
    left: tuple[str, ...]

    def __str__(self) -> str:
        parts = [f"{len(self.taken)} of {len(self.taken) + len(self.drawn)} weights taken"]
        if self.drawn:
            parts.append(f"drawn anew: {', '.join(self.drawn)}")
        if self.left:
            parts.append(f"left, for nothing of that name and shape is here: {', '.join(self.left)}")
        return "; ".join(parts)


def start_from(module: pl.LightningModule, initial: Initial, encoding: Encoding) -> Start:
    """Copy the weights that fit, by name and shape, into a fresh module.

    From a model of another encoding, as another application's, the trunk alone is taken: it reads one-hot
    DNA, whatever the examples are made of.

    Parameters
    ----------
    module : LightningModule
        The module to train; weights that find no partner stay as they were drawn.
    initial : Initial
        Where the weights come from.
    encoding : Encoding
        Encoding of the examples to train on.

    Raises
    ------
    InputError
        When the model was trained on another encoding and has no trunk, or no weight fits.
    """
    weights = checkpoint.read_weights(initial.path, encoding=encoding, portable=TRUNK)
    own = module.state_dict()
    fitting = {
        name: value
        for name, value in weights.items()
        if name in own and own[name].shape == value.shape and own[name].dtype == value.dtype
    }
    if not any(value.is_floating_point() for value in fitting.values()):
        raise InputError(
            f"init_from: {initial.name}: none of the {len(weights)} weights that it offers fits this network"
            f"{_example(weights, own)}; name a checkpoint of the same kind of network, or leave init_from out"
        )
    module.load_state_dict(own | fitting)
    return Start(
        taken=tuple(sorted(fitting)),
        drawn=tuple(sorted(set(own) - set(fitting))),
        left=tuple(sorted(set(weights) - set(fitting))),
    )


def _example(weights: dict[str, torch.Tensor], own: dict[str, torch.Tensor]) -> str:
    """Name the first weight that both have, in shapes that differ."""
    for name in weights:
        if name in own:
            return f" ({name}: shape {tuple(weights[name].shape)} found, {tuple(own[name].shape)} wanted)"
    return ""
