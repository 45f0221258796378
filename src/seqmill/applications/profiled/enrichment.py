"""Whether the drugs that truly do best for a sample stand at the top of a ranking."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

SHARE = 0.1
"""Share of a sample's drugs that is the top."""

FEWEST = 10
"""Observed drugs of a sample below which it is left out."""


def enrichments(table: pd.DataFrame, rankings: Mapping[str, str], *, truth: str) -> pd.DataFrame:
    """Give the enrichment of each ranking in each sample.

    It is the share of the truly best decile of drugs among the first decile of the ranking, over what chance
    gives: 1 is chance, 10 is a perfect ranking. A tie at the end of the first decile counts by the share of
    the tied drugs that are among the best.

    Parameters
    ----------
    table : DataFrame
        A row for each pair: ``sample``, and columns of which low values are best; nan in `truth` where
        nothing was observed.
    rankings : mapping
        Name of a ranking -> column.
    truth : str
        Column of the truth.

    Returns
    -------
    DataFrame
        A row for each sample of `FEWEST` drugs or more: ``sample``, ``drugs``, and a column for each ranking.
    """
    rows = []
    for sample, inside in table[table[truth].notna()].groupby("sample", sort=True):
        n = len(inside)
        if n < FEWEST:
            continue
        top = max(1, round(SHARE * n))
        best = np.zeros(n)
        best[np.argsort(inside[truth].to_numpy(), kind="stable")[:top]] = 1
        told = {name: _hits(inside[column].to_numpy(), best, top) for name, column in rankings.items()}
        rows.append(
            {"sample": sample, "drugs": n} | {name: hits / top * n / top for name, hits in told.items()}
        )
    return pd.DataFrame(rows, columns=["sample", "drugs", *rankings])


def _hits(scores: np.ndarray, best: np.ndarray, top: int) -> float:
    edge = np.partition(scores, top - 1)[top - 1]
    inside, tied = scores < edge, scores == edge
    return float(best[inside].sum() + best[tied].mean() * (top - inside.sum()))
