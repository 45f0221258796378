"""What needs no network: callers that look at the share of reads with an allele, or at nothing at all.

A model that does not beat these has learnt nothing that counting reads would not give.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.scoring import ScoreJob
from seqmill.applications.small_variants.callset import CallScorer
from seqmill.applications.small_variants.evaluate import evaluate
from seqmill.applications.small_variants.scored_tables import LOG_PROBABILITIES

ERROR = 0.05
"""Share of reads that are taken to show another allele than their fragment has."""

Rule = Callable[[pd.DataFrame], npt.NDArray[np.float64]]


def allele_fraction(job: ScoreJob) -> CallScorer:
    """Call by the share of reads with the allele: the likeliest of no, one and two copies.

    Reads are taken to show the allele independently with probability `ERROR`, 1/2 and 1 - `ERROR`; copies
    are taken to be equally likely beforehand. The threshold on the quality is chosen on validation, as for
    every caller.
    """
    return _called(job, _binomial)


def every_candidate(job: ScoreJob) -> CallScorer:
    """Call every candidate heterozygous: the precision of the candidates as they come."""
    return _called(job, lambda table: np.log(np.tile([0.1, 0.8, 0.1], (len(table), 1))))


def _called(job: ScoreJob, rule: Rule) -> CallScorer:
    columns = dict(zip(LOG_PROBABILITIES, rule(job.examples).T, strict=True))
    return evaluate(replace(job, examples=job.examples.assign(**columns)))


def _binomial(table: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Give the log-probability of 0, 1 and 2 copies, shape (n, 3)."""
    reads = table["reads"].to_numpy(np.float64)
    support = np.minimum(table["support"].to_numpy(np.float64), reads)
    shares = np.array([ERROR, 0.5, 1 - ERROR])
    likelihood = support[:, None] * np.log(shares) + (reads - support)[:, None] * np.log1p(-shares)
    return likelihood - np.logaddexp.reduce(likelihood, axis=1, keepdims=True)
