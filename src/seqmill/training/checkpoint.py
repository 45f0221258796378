"""The portable checkpoint: weights, and all that is needed to use them on the right input."""

from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import pytorch_lightning as pl
import torch

from seqmill.errors import InputError
from seqmill.files import program_version
from seqmill.shards.schema import Encoding
from seqmill.training.config import RunConfig
from seqmill.training.module import build_module
from seqmill.training.saving import save_whole
from seqmill.training.validate import to_plain, validate

KEY = "seqmill"


def describe(
    run: RunConfig, encoding: Encoding, *, label_counts: Mapping[str, int], dataset_digest: str, run_id: str
) -> dict[str, Any]:
    """Give the facts that a checkpoint carries beside its weights, as plain values."""
    plain = to_plain(run)
    return {
        "application": run.application.name,
        "network": run.model.name,
        "options": plain["model"]["options"],
        "encoding": encoding.to_dict(),
        "encoding_digest": encoding.digest,
        "dataset_digest": dataset_digest,
        "label_counts": dict(label_counts),
        "config": plain,
        "run_id": run_id,
        "program_version": program_version(),
    }


def save(path: Path, module: pl.LightningModule, facts: Mapping[str, Any]) -> None:
    """Write weights and facts, atomically; the file holds nothing but tensors and plain values."""
    save_whole({KEY: dict(facts), "state_dict": module.state_dict()}, path)


def load(path: Path, *, encoding: Encoding | None = None) -> tuple[pl.LightningModule, dict[str, Any]]:
    """Read a checkpoint and rebuild its module, in evaluation mode on the CPU.

    Parameters
    ----------
    path : Path
        The checkpoint.
    encoding : Encoding, optional
        Encoding of the examples that the model is to be used on.

    Returns
    -------
    tuple
        The module, and the facts that `describe` gave.

    Raises
    ------
    InputError
        When the file is no checkpoint of this program, or was trained on another encoding; the message
        names each option that differs.
    """
    content = _read(Path(path))
    facts = content[KEY]
    trained_on = _encoding(path, facts, encoding)
    run = validate(facts["config"], source=f"{path}: stored configuration")
    module = build_module(run, trained_on, facts["label_counts"])
    module.load_state_dict(content["state_dict"])
    return module.eval(), facts


def read_weights(path: Path, *, encoding: Encoding) -> dict[str, torch.Tensor]:
    """Read the weights of a checkpoint by name, on the CPU; see `load` for the errors."""
    content = _read(Path(path))
    _encoding(path, content[KEY], encoding)
    return content["state_dict"]


def _encoding(path: Path, facts: Mapping[str, Any], wanted: Encoding | None) -> Encoding:
    """Give the encoding a model was trained on, which has to be the one wanted, if any."""
    trained_on = Encoding.from_dict(facts["encoding"])
    if wanted is not None and wanted.digest != trained_on.digest:
        raise InputError(
            f"{path}: the model was trained on another encoding: "
            + "; ".join(trained_on.differences(wanted))
            + "; encode the examples as the model wants them, or train a model on these"
        )
    return trained_on


def _read(path: Path) -> dict[str, Any]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such checkpoint; train one with: seqmill train") from error
    except (RuntimeError, OSError, UnpicklingError, EOFError, ValueError, KeyError) as error:
        raise InputError(
            f"{path}: found no readable checkpoint, want one that seqmill train wrote"
        ) from error
    if not isinstance(content, dict) or KEY not in content:
        raise InputError(
            f"{path}: found a file of another program, want a checkpoint that seqmill train wrote"
        )
    return content
