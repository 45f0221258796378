"""The sum of weights over the alleles that people carry."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.polygenic.genotypes import open_genotypes, place_of
from seqmill.profiles.polygenic.match import check_match, match
from seqmill.profiles.polygenic.options import ScoreOptions
from seqmill.profiles.polygenic.weights import read_weights
from seqmill.profiles.table import Block, Found


@dataclass(frozen=True)
class Scores:
    """Polygenic scores of n people.

    Attributes
    ----------
    name : str
        Of the score.
    ids : list of str
    values : float64 array, shape (n,)
        Sums of weight x copies; nan for a person with too few genotypes.
    called : float64 array, shape (n,)
        Share of the weights used whose genotype is there.
    report : dict
        What was matched, and the rules.
    """

    name: str
    ids: list[str]
    values: npt.NDArray[np.float64]
    called: npt.NDArray[np.float64]
    report: dict[str, Any]


def polygenic_score(
    path: str, column: str, options: ScoreOptions, *, tell: Callable[[str], None] | None = None
) -> Scores:
    """Compute a polygenic score.

    Parameters
    ----------
    path : str
        Genotypes: a VCF or BCF, or a table of dosages.
    column : str
        Column of ids of a table.
    options : ScoreOptions
    tell : callable, optional
        Given the match rate before any genotype is read.

    Raises
    ------
    InputError
        When a file cannot be used, or the genotypes are not those that the weights are about.
    """
    weights = read_weights(options.weights)
    genotypes = open_genotypes(path, column)
    found = match(
        weights, genotypes.records({place_of(one.contig, one.start) for one in weights.weights}), options
    )
    if tell:
        tell(str(found))
    check_match(found, weights, path, options)
    by_record = defaultdict(list)
    for use in found.uses:
        by_record[use.record].append(use)
    n = len(genotypes.ids)
    total, called = np.zeros(n), np.zeros(n)
    for number, copies in genotypes.copies(by_record.keys()):
        for use in by_record[number]:
            counts = copies[:, use.allele].astype(np.float64)
            known = counts >= 0
            called += known
            frequency = use.weight.frequency
            if options.missing == "zero":
                expected = 0.0
            elif np.isnan(frequency):
                expected = float(counts[known].mean()) if known.any() else 0.0
            else:
                expected = 2 * frequency
            total += use.weight.weight * np.where(known, counts, expected)
    called /= len(found.uses)
    scored = called >= options.minimum_called
    report = {
        "score": weights.name,
        "build": weights.build,
        "rules": {name: getattr(options, name) for name in ("ambiguous", "missing", "minimum_match")},
        "people": n,
        "without_score": int((~scored).sum()),
    } | found.report
    return Scores(weights.name, genotypes.ids, np.where(scored, total, np.nan), called, report)


def read_polygenic_score(plan: BlockPlan, column: str, options: ScoreOptions) -> Found:
    """Give a polygenic score as a block of one feature, float32 [n, 1].

    It is missing for a person of whom too little is called.

    Raises
    ------
    InputError
        As `polygenic_score` does.
    """
    scores = polygenic_score(plan.path, column, options)
    mask = ~np.isnan(scores.values)[:, None]
    values = np.where(mask, scores.values[:, None], 0).astype(np.float32)
    return Found(scores.ids, Block((scores.name,), values, mask), scores.report)
