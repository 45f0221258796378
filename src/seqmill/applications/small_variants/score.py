"""Calls of small variants against truth, by haplotype replay inside the confident regions."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.small_variants.repeats import homopolymer
from seqmill.genome.intervals import Regions
from seqmill.genome.outcomes import SiteOutcome, replay_score
from seqmill.genome.primitives import edit
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant
from seqmill.shards.order import example_id

BUCKET = 100
"""Bases that share one item key, so that two spellings of a variant are nearly always one item."""

_LEVELS = {"allele": "matched", "genotype": "genotype_matched", "exact": "exact"}
_INDEL_LENGTHS = ((1, "01"), (2, "02"), (5, "03-05"), (10, "06-10"), (20, "11-20"))
_RUNS = ((3, "01-03"), (5, "04-05"), (8, "06-08"), (12, "09-12"))
_CONTEXT = 100


def score_calls(
    truth: Sequence[Variant],
    calls: Sequence[Variant],
    reference: Reference,
    *,
    confident: Regions,
    gap: int = 50,
) -> pd.DataFrame:
    """Score calls against truth, one row for each truth allele and for each call that counts against it.

    Truth and calls are taken apart into SNPs, insertions and deletions and compared by haplotype replay, so
    that a different spelling costs nothing. `exact` compares normalised alleles as strings instead:
    a lower bound. Any threshold on quality is applied to `calls` beforehand.

    Parameters
    ----------
    truth, calls : sequence of Variant
        With genotypes.
    reference : Reference
        The reference of both.
    confident : Regions
        Only alleles that lie inside count.
    gap : int
        Bases without any allele that separate windows of the replay.

    Returns
    -------
    DataFrame
        ``contig``, ``start`` (0-based), ``ref``, ``alt`` (normalised); ``kind`` (``snp`` or ``indel``);
        ``side`` (``truth`` or ``call``); ``copies``; ``quality`` (of the call; of a truth allele that of what
        reproduces it, NaN where nothing does); ``allele``, ``genotype`` and ``exact`` (bool: matched at that
        level); ``tp_``, ``fp_`` and ``fn_`` of each level (int8, 0 or 1); the strata ``indel_length`` and
        ``homopolymer`` (strings, empty where they do not apply). A call that is right in its allele but
        not in genotype or spelling has a row for those false positives; its quality is NaN, since the
        truth allele's row has it.
    """
    outcomes = replay_score(truth, calls, reference, regions=confident, gap=gap)
    counted = [one for one in outcomes if one.side == "truth" or not (one.genotype_matched and one.exact)]
    table = pd.DataFrame([one.allele for one in counted], columns=list(Allele._fields))
    is_truth = np.array([one.side == "truth" for one in counted], bool)
    table["kind"] = ["snp" if one.allele.is_snp else "indel" for one in counted]
    table["side"] = np.where(is_truth, "truth", "call")
    table["copies"] = np.array([one.copies for one in counted], np.int8)
    table["quality"] = np.array([_quality(one) for one in counted], np.float64)
    for level, name in _LEVELS.items():
        matched = np.array([getattr(one, name) for one in counted], bool)
        table[level] = matched
        table[f"tp_{level}"] = (is_truth & matched).astype(np.int8)
        table[f"fp_{level}"] = (~is_truth & ~matched).astype(np.int8)
        table[f"fn_{level}"] = (is_truth & ~matched).astype(np.int8)
    table["indel_length"] = [_indel_length(one.allele) for one in counted]
    table["homopolymer"] = [_homopolymer(one.allele, reference) for one in counted]
    return table


def item_keys(sample: str, scored: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """Give the key of each scored row: the same for one place of a sample, whoever calls it at any depth.

    Parameters
    ----------
    sample : str
        Name of the sample.
    scored : DataFrame
        With ``contig`` and ``start``.

    Returns
    -------
    uint64 array [n]
        A hash of sample, contig and the bucket of `BUCKET` bases.
    """
    places = list(zip(scored["contig"], scored["start"] // BUCKET, strict=True))
    keys = {place: example_id(sample, *place) for place in dict.fromkeys(places)}
    return np.array([keys[place] for place in places], np.uint64)


def _quality(one: SiteOutcome) -> float:
    if one.matched == (one.side == "truth"):
        return one.quality or 0.0
    return float("nan")


def _indel_length(allele: Allele) -> str:
    return "" if allele.is_snp else _bin(abs(len(allele.alt) - len(allele.ref)), _INDEL_LENGTHS)


def _homopolymer(allele: Allele, reference: Reference) -> str:
    """Bin the run at a SNP, or of the base after an insertion's or deletion's anchor."""
    at = min(edit(allele).start, reference.contigs[allele.contig] - 1)
    first = max(0, at - _CONTEXT)
    last = min(reference.contigs[allele.contig], at + _CONTEXT)
    return _bin(homopolymer(reference.codes(allele.contig, first, last), at - first), _RUNS)


def _bin(length: int, bins: Sequence[tuple[int, str]]) -> str:
    for most, name in bins:
        if length <= most:
            return name
    return f"{bins[-1][0] + 1}+"
