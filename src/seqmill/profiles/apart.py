"""Relatives lie in one fold: checked before anything is written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from seqmill.profiles.kinship import check_apart, find_relatives
from seqmill.profiles.plan import ProfilesPlan
from seqmill.profiles.rows import FOLD, Rows
from seqmill.profiles.table import Table


def check_relatives(plan: ProfilesPlan, tables: Mapping[str, Table], rows: Iterable[Rows]) -> dict[str, int]:
    """Refuse relatives in several folds of the kinds that the plan names.

    Returns
    -------
    dict
        ``pairs`` of relatives found; empty where the plan asks for no check.

    Raises
    ------
    InputError
        Naming a pair and its folds.
    """
    asked = plan.relatives
    if asked is None:
        return {}
    table = tables["profiles"]
    pairs = find_relatives(table.blocks[asked.block], least=asked.kinship)
    held = list(rows)
    for kind in asked.folds:
        places: dict[int, set[str]] = defaultdict(set)
        for one in held:
            folds = one.table[f"{FOLD}{kind}"].to_pylist()
            for person, fold in zip(one.table["profile"].to_pylist(), folds, strict=True):
                places[person].add(f"{kind}_{fold}")
        of_each = [frozenset(places.get(row, ())) for row in range(len(table.ids))]
        check_apart(pairs, table.ids, of_each, where=f"folds.{kind}")
    return {"pairs": len(pairs)}
