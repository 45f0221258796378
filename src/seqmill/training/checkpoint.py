"""The portable checkpoint: weights, and all that is needed to use them on the right input."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import pytorch_lightning as pl
import torch

from seqmill.errors import InputError
from seqmill.files import program_version, sha256_file
from seqmill.origin import KEY as LINEAGE
from seqmill.origin import Node, place, this_step
from seqmill.shards.schema import Encoding
from seqmill.tracking.provenance import environment
from seqmill.tracking.record import CHECKPOINT
from seqmill.training.config import RunConfig
from seqmill.training.hardware import Hardware
from seqmill.training.module import build_module
from seqmill.training.saving import save_whole
from seqmill.training.validate import to_plain, validate

KEY = "seqmill"


def describe(
    run: RunConfig,
    encoding: Encoding,
    *,
    label_counts: Mapping[str, int],
    dataset_digest: str,
    run_id: str,
    parents: Sequence[Node] = (),
    threads: int = 1,
    device: str = "",
) -> dict[str, Any]:
    """Give the facts that a checkpoint carries beside its weights, as plain values.

    Parameters
    ----------
    run : RunConfig
        The configuration.
    encoding : Encoding
        Encoding of the examples.
    label_counts : mapping
        Class -> examples in training.
    dataset_digest, run_id : str
        What it was trained on, and its run in the tracking store.
    parents : sequence of Node
        The dataset, and a checkpoint that training started from.
    threads : int
        Threads that it was trained with; sums in another order round otherwise.
    device : str
        What it was trained on, as `device_of` names it.
    """
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
        "environment": {**environment(), "threads": str(threads), "device": device},
        LINEAGE: Node(
            kind="checkpoint", name=CHECKPOINT, of="weights", step=this_step(), parents=tuple(parents)
        ).to_dict(),
    }


def device_of(hardware: Hardware) -> str:
    """Name number and kind of devices and their precision: others give other weights."""
    return f"{hardware.world_size} x {hardware.name}, {hardware.precision}"


def save(path: Path, weights: Mapping[str, torch.Tensor], facts: Mapping[str, Any]) -> None:
    """Write weights and facts, atomically; the file holds nothing but tensors and plain values."""
    told = {**facts, "weights_digest": weights_digest(weights)}
    save_whole({KEY: told, "state_dict": weights}, path)


def weights_digest(weights: Mapping[str, torch.Tensor]) -> str:
    """Give the hexadecimal SHA-256 of names, types, shapes and values of a module's state, by name."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        tensor = weights[name].detach().cpu().contiguous()
        digest.update(f"{name}\0{tensor.dtype}\0{tuple(tensor.shape)}\0".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def read(path: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """Read facts and weights by name, on the CPU; InputError when it is no checkpoint of this program."""
    content = _read(Path(path))
    return content[KEY], content["state_dict"]


def read_facts(path: Path) -> dict[str, Any]:
    """Read what `describe` and `save` told, without rebuilding the module.

    ``weights_digest`` is computed, also for a checkpoint that holds another one or none; what it holds is
    in ``weights_digest_told``.

    Raises
    ------
    InputError
        When the file is no checkpoint of this program.
    """
    content = _read(Path(path))
    facts = dict(content[KEY])
    return facts | {
        "weights_digest": weights_digest(content["state_dict"]),
        "weights_digest_told": facts.get("weights_digest", ""),
    }


def origin(path: Path, facts: Mapping[str, Any]) -> Node:
    """Give the checkpoint with what it was made of, for the lineage of what is made with it."""
    found = {"name": path.name, "path": place(path)}
    if LINEAGE in facts and facts.get("weights_digest"):
        node = Node.from_dict(facts[LINEAGE], source=path)
        return replace(node, digest=facts["weights_digest"], **found)
    dataset = Node(kind="dataset", name="dataset", digest=facts["dataset_digest"], of="content")
    return Node(kind="checkpoint", digest=sha256_file(path), parents=(dataset,), **found)


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


def read_weights(path: Path, *, encoding: Encoding, portable: str) -> dict[str, torch.Tensor]:
    """Read weights of a checkpoint by name, on the CPU.

    Parameters
    ----------
    path : Path
        The checkpoint.
    encoding : Encoding
        Encoding of the examples that the weights are to be used on.
    portable : str
        Beginning of the names of weights that do not hang on the encoding. Of a model of another encoding
        they alone are given.

    Raises
    ------
    InputError
        When the file is no checkpoint of this program, or a model of another encoding that has no such
        weights.
    """
    content = _read(Path(path))
    weights: dict[str, torch.Tensor] = content["state_dict"]
    shared = {name: value for name, value in weights.items() if name.startswith(portable)}
    if shared and content[KEY]["encoding_digest"] != encoding.digest:
        return shared
    _encoding(path, content[KEY], encoding)
    return weights


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
