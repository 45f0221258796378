"""Baselines without a network: the pair of bases alone, weight matrices and weight arrays."""

from seqmill.applications.scoring import ScoreJob
from seqmill.applications.splicing.evaluate import SITES, SiteScorer, options_of
from seqmill.applications.splicing.labels import CLASSES
from seqmill.applications.splicing.weights import BESIDE, Weights, fit, score_bases

ORDER = 3
"""Bases before a base that a weight array knows it by."""

_PAIRS = {"donor": ((0, "G"), (1, "T")), "acceptor": ((-1, "A"), (0, "G"))}


def gt_ag(job: ScoreJob) -> SiteScorer:
    """Call every GT a donor and every AG an acceptor."""
    options = options_of(job)
    _, payloads = job.read(job.split, ["sequence"])
    sequence, flank, span = payloads["sequence"], options.flank, options.span
    said = {}
    for name, pair in _PAIRS.items():
        there = [
            sequence[:, flank + place : flank + place + span] == "ACGT".index(base) for place, base in pair
        ]
        said[name] = (there[0] & there[1]).astype("float32")
    return SiteScorer(job, said)


def pwm(job: ScoreJob) -> SiteScorer:
    """Score by position weight matrices of sites against those of other bases."""
    return _weighed(job, order=0)


def wam(job: ScoreJob) -> SiteScorer:
    """Score by weight arrays: matrices whose bases are known by the three before them."""
    return _weighed(job, order=ORDER)


def _weighed(job: ScoreJob, *, order: int) -> SiteScorer:
    options = options_of(job)
    beside = min(BESIDE, options.flank)
    _, payloads = job.read("train", ["sequence", "sites"])
    sequence, sites = payloads["sequence"], payloads["sites"]
    fitted: dict[str, Weights | None] = {
        name: fit(sequence, sites, CLASSES.index(name), order=order, beside=beside, flank=options.flank)
        for name in SITES
    }
    _, payloads = job.read(job.split, ["sequence"])
    return SiteScorer(
        job,
        {
            name: score_bases(payloads["sequence"], weights, flank=options.flank, span=options.span)
            for name, weights in fitted.items()
        },
    )
