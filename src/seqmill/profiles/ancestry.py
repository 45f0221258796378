"""Components of ancestry, relatives and families of a table of profiles, as files."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seqmill.files import write_json, write_tsv
from seqmill.profiles.components import component_names, fit_components
from seqmill.profiles.index import ProfileIndex
from seqmill.profiles.kinship import SECOND, check_apart, families, find_relatives
from seqmill.profiles.rows import read_written
from seqmill.profiles.table import Table
from seqmill.profiles.within import rows_within


@dataclass(frozen=True, kw_only=True)
class AncestryOptions:
    """What is made.

    Attributes
    ----------
    block : str
        Block of int8 dosages.
    components : int
    kinship : float
        People of a higher kinship are relatives.
    splits : dict
        Split -> folds, such as ``person_3``; components are fitted to the people of ``train`` alone, or to
        all where there are no splits. Relatives in several splits are refused.
    """

    block: str = "dosage"
    components: int = 4
    kinship: float = SECOND
    splits: dict[str, tuple[str, ...]]


def write_ancestry(index: Path, options: AncestryOptions, output: Path) -> dict[str, Any]:
    """Write ``components.tsv``, ``relatives.tsv``, ``families.tsv`` and ``ancestry.json`` under `output`.

    Returns
    -------
    dict
        The content of ``ancestry.json``.

    Raises
    ------
    InputError
        When a name is unknown, the dosages do not do, or relatives lie in several splits.
    """
    opened = ProfileIndex(index)
    table = opened.read_profiles()
    block = table.block(options.block, where=index)
    places = _splits(opened, table, options.splits)
    pairs = find_relatives(block, least=options.kinship)
    numbers = families(len(table.ids), pairs)
    relatives = [
        (table.ids[pair.first], table.ids[pair.second], f"{pair.kinship:.4f}", pair.degree) for pair in pairs
    ]
    write_tsv(output / "relatives.tsv", [("first", "second", "kinship", "degree"), *relatives])
    named = [(one, f"F{number + 1:06d}") for one, number in zip(table.ids, numbers, strict=True)]
    write_tsv(output / "families.tsv", [("id", "family"), *named])
    check_apart(pairs, table.ids, places, where=str(index))
    fitted = (
        np.array(["train" in held for held in places]) if options.splits else np.ones(len(table.ids), bool)
    )
    found = fit_components(block.subset(fitted), options.components).project(block)
    rows = [
        (one, *(f"{value:.6g}" for value in values)) for one, values in zip(table.ids, found, strict=True)
    ]
    write_tsv(output / "components.tsv", [("id", *component_names(options.components)), *rows])
    told = {
        "people": len(table.ids),
        "fitted": int(fitted.sum()),
        "pairs": len(pairs),
        "families": len(set(numbers)),
        "sites": len(block.features),
    }
    write_json(output / "ancestry.json", told)
    return told


def _splits(index: ProfileIndex, table: Table, splits: dict[str, tuple[str, ...]]) -> list[frozenset[str]]:
    """Give the splits that each person has rows in."""
    held: list[set[str]] = [set() for _ in table.ids]
    for path in sorted(index.path.parent.glob("*.rows.parquet")):
        rows = read_written(path)
        people = rows["profile"].to_numpy()
        for split, folds in splits.items():
            for person in set(people[rows_within(rows, folds, index.contigs)].tolist()) - {-1}:
                held[person].add(split)
    return [frozenset(one) for one in held]
