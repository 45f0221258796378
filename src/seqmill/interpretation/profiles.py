"""Which features of profiles a model rests on, over persons and over the seeds of an experiment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from seqmill.applications.application import find_application
from seqmill.errors import InputError
from seqmill.files import write_json
from seqmill.interpretation.path_gradients import integrated_gradients
from seqmill.interpretation.stability import feature_table, stability_table, write_tsv
from seqmill.origin import beside, stamped
from seqmill.profiles.components import component_names
from seqmill.profiles.table import Table, read_table
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.training.checkpoint import load, origin
from seqmill.training.tables import give_tables

PROFILES = "profiles"
NOTE = "For research alone; no medical advice."

_ROWS = 1 << 16
_PERSONS_AT_ONCE = 256

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Attributed:
    """What one model rests on.

    Attributes
    ----------
    importance : float64 array, shape (F,)
        Mean absolute attribution of each feature over persons.
    slope : float64 array, shape (F,)
        Mean change of what is said by a standard deviation of the feature, or by a bit.
    gap : float
        Largest part of what the features change for a person that the attributions do not add up to, as a
        share of the largest change.
    """

    importance: Floats
    slope: Floats
    gap: float


def attribute(
    checkpoints: Sequence[Path], manifest: Path, *, output_dir: Path, split: str, top: int, threads: int = 1
) -> dict[str, Any]:
    """Attribute what the models of one experiment say of the persons of a split to features.

    Written are ``features.tsv``, ``stability.tsv`` and ``attribution.json``. They hold nothing of single
    persons.

    Parameters
    ----------
    checkpoints : sequence of Path
        One for each seed.
    manifest : Path
        The dataset.
    output_dir : Path
        Folder to write to.
    split : str
        Whose persons are used, each once.
    top : int
        Features whose overlap between seeds is told.
    threads : int
        Threads of torch.

    Returns
    -------
    dict
        What ``attribution.json`` holds.

    Raises
    ------
    InputError
        When a model says no single number of a profile, or belongs to another dataset.
    """
    torch.set_num_threads(threads)
    dataset = Manifest.load(manifest, verify="digests")
    rows = persons_of(dataset, split)
    found: dict[str, Attributed] = {}
    parents = [dataset.origin]
    for path in checkpoints:
        module, facts = load(path, encoding=dataset.encoding)
        application = find_application(facts["application"])
        if not application.profile:
            raise InputError(
                f"{path}: a model of {application.name} ({application.title}), which says no single number "
                "of a profile; give the checkpoint of an application that does"
            )
        give_tables(module, dataset)
        found[f"seed-{facts['config']['seed']}"] = attribute_one(
            module, application.load("profile")(module), rows
        )
        parents.append(beside(origin(path, facts), path.name))
    if len(found) < len(checkpoints):
        raise InputError(f"--checkpoint: {len(checkpoints)} of {len(found)} seeds found; give each seed once")
    table = read_table(dataset.table_paths()[PROFILES])
    features = feature_table(names_of(table, module.inputs[PROFILES].layout), found)
    stability = stability_table(found, top=top)
    output_dir.mkdir(parents=True, exist_ok=True)
    write_tsv(output_dir / "features.tsv", features, note=NOTE)
    write_tsv(output_dir / "stability.tsv", stability, note=NOTE)
    told = {
        "note": NOTE,
        "split": split,
        "persons": len(rows),
        "features": len(features),
        "completeness_gap": {name: one.gap for name, one in found.items()},
        "stability": _summary(stability),
    }
    written = stamped(told, kind="attribution", parents=parents)
    write_json(output_dir / "attribution.json", written)
    return written


def persons_of(dataset: Manifest, split: str) -> npt.NDArray[np.int64]:
    """Give the distinct rows of the table of profiles that the examples of a split point at.

    Raises
    ------
    InputError
        When the dataset has no profiles, or no such split.
    """
    if PROFILES not in dataset.table_paths():
        raise InputError(
            f"{dataset.path}: a dataset of profiles wanted; its examples point into no such table"
        )
    loader = Loader(dataset, split, batch_size=_ROWS, seed=0, shuffle=False, columns=["profile"], threads=0)
    rows = np.concatenate([batch["profile"] for batch in loader.epoch(0)])
    return np.unique(rows[rows >= 0]).astype(np.int64)


def attribute_one(module: Any, function: Any, rows: npt.NDArray[np.int64]) -> Attributed:
    """Attribute what one model says of some rows of the table of profiles."""
    held = module.inputs[PROFILES]
    columns = torch.cat([torch.arange(place.start, place.stop) for place in held.places().values()])
    importance, slope = np.zeros(len(columns)), np.zeros(len(columns))
    gap = largest = 0.0
    for at in range(0, len(rows), _PERSONS_AT_ONCE):
        inputs = module.input_of(PROFILES, torch.from_numpy(rows[at : at + _PERSONS_AT_ONCE]))
        baseline = inputs.index_fill(1, columns, 0.0)  # masks stay as they are
        attributions, slopes = (
            of_inputs[:, columns] for of_inputs in integrated_gradients(function, inputs, baseline)
        )
        with torch.no_grad():
            change = function(inputs) - function(baseline)
        gap = max(gap, float((change - attributions.sum(1)).abs().max()))
        largest = max(largest, float(change.abs().max()))
        importance += attributions.abs().double().sum(0).numpy()
        slope += slopes.double().sum(0).numpy()
    n = max(len(rows), 1)
    return Attributed(importance / n, slope / n, gap / largest if largest else 0.0)


def names_of(table: Table, layout: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Give block and name of each feature, in the order of a model's inputs.

    Parameters
    ----------
    table : Table
        The profiles.
    layout : mapping
        Of the inputs; see `seqmill.models.blocks.TableInput`. A block that the table lacks is of components.
    """
    return [
        (block, name)
        for block, facts in layout.items()
        for name in (
            table.blocks[block].features if block in table.blocks else component_names(facts["size"])
        )
    ]


def _summary(stability: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    if not stability:
        return {}
    shared = [row["shared_of_top"] / row["top"] for row in stability]
    return {
        "spearman_mean": float(np.mean([row["spearman"] for row in stability])),
        "spearman_least": float(min(row["spearman"] for row in stability)),
        "top": stability[0]["top"],
        "shared_mean": float(np.mean(shared)),
        "shared_by_chance": stability[0]["shared_by_chance"] / stability[0]["top"],
    }
