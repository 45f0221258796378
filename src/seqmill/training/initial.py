"""Fine-tuning: a run that starts from the weights of another model."""

from dataclasses import dataclass
from pathlib import Path

import pytorch_lightning as pl

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.origin import Node
from seqmill.shards.schema import Encoding
from seqmill.tracking.registry import resolve_model
from seqmill.training import checkpoint


@dataclass(frozen=True, kw_only=True)
class Initial:
    """The model that a run starts from.

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
    if not name:
        return None
    path = resolve_model(name, uri=store)
    return Initial(name=name, path=path, sha256=sha256_file(path))


def start_from(module: pl.LightningModule, initial: Initial, encoding: Encoding) -> list[str]:
    """Copy the weights that fit, by name and shape, into a fresh module.

    Parameters
    ----------
    module : LightningModule
        The module to train; weights that find no partner stay as they were drawn.
    initial : Initial
        Where the weights come from.
    encoding : Encoding
        Encoding of the examples to train on.

    Returns
    -------
    list of str
        Names of the weights that stay as drawn, such as those of a head for other classes.

    Raises
    ------
    InputError
        When the model was trained on another encoding, or no weight fits.
    """
    weights = checkpoint.read_weights(initial.path, encoding=encoding)
    own = module.state_dict()
    fitting = {
        name: value
        for name, value in weights.items()
        if name in own and own[name].shape == value.shape and own[name].dtype == value.dtype
    }
    if not fitting:
        raise InputError(
            f"init_from: {initial.name}: none of its {len(weights)} weights fits this network; "
            "name a checkpoint of the same kind of network, or leave init_from out"
        )
    module.load_state_dict(own | fitting)
    return sorted(set(own) - set(fitting))
