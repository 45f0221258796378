"""Whether the seeds of an experiment rest on the same features."""

import os
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy import stats

from seqmill.files import atomic_path


class Attributions(Protocol):
    """Importance and slope of each feature, float64 (F,)."""

    @property
    def importance(self) -> npt.NDArray[np.float64]:
        """Mean absolute attribution."""

    @property
    def slope(self) -> npt.NDArray[np.float64]:
        """Mean slope."""


def feature_table(
    names: Sequence[tuple[str, str]], found: Mapping[str, Attributions]
) -> list[dict[str, Any]]:
    """Give a row for each feature, the one that matters most on average first.

    Parameters
    ----------
    names : sequence of (str, str)
        Block and name of each feature.
    found : mapping
        Seed -> what its model rests on.

    Returns
    -------
    list of dict
        ``rank``, ``block``, ``feature``, ``importance`` (mean over seeds) and ``importance_sd`` (that of just
        these seeds, with n), ``best_rank`` and ``worst_rank`` among the seeds, ``slope`` (mean) and
        ``same_sign``, the seeds whose slope has its sign.
    """
    importance, slope = (
        np.stack([getattr(one, part) for one in found.values()]) for part in ("importance", "slope")
    )
    ranks = stats.rankdata(-importance, axis=1, method="min").astype(int)
    mean, steep = importance.mean(0), slope.mean(0)
    return [
        {
            "rank": place,
            "block": names[index][0],
            "feature": names[index][1],
            "importance": float(mean[index]),
            "importance_sd": float(importance[:, index].std()),
            "best_rank": int(ranks[:, index].min()),
            "worst_rank": int(ranks[:, index].max()),
            "slope": float(steep[index]),
            "same_sign": int((np.sign(slope[:, index]) == np.sign(steep[index])).sum()),
        }
        for place, index in enumerate(np.argsort(-mean, kind="stable"), start=1)
    ]


def stability_table(found: Mapping[str, Attributions], *, top: int) -> list[dict[str, Any]]:
    """Give a row for each pair of seeds.

    Returns
    -------
    list of dict
        ``first`` and ``second``; ``spearman``, the rank correlation of the importances; ``top``, so many
        features at most half of them all; ``shared_of_top``, those that are among the first in both, and
        ``shared_by_chance``, how many would be.
    """
    rows = []
    for first, second in combinations(found, 2):
        pair = [found[name].importance for name in (first, second)]
        n = len(pair[0])
        most = max(1, min(top, n // 2))
        chosen = [set(np.argsort(-one, kind="stable")[:most].tolist()) for one in pair]
        rows.append(
            {
                "first": first,
                "second": second,
                "spearman": float(stats.spearmanr(*pair).statistic),
                "top": most,
                "shared_of_top": len(chosen[0] & chosen[1]),
                "shared_by_chance": most * most / n,
            }
        )
    return rows


def write_tsv(path: str | os.PathLike[str], rows: Sequence[Mapping[str, Any]], *, note: str) -> None:
    """Write rows as a table with a header below a line that begins with ``#``, atomically."""
    lines = [f"# {note}"]
    if rows:
        lines.append("\t".join(rows[0]))
    lines += [
        "\t".join(f"{one:.6g}" if isinstance(one, float) else str(one) for one in row.values())
        for row in rows
    ]
    with atomic_path(path) as aside:
        aside.write_text("\n".join(lines) + "\n")
