"""Baselines that know what a window is made of, but not in which order: GC content and k-mers."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from seqmill.applications.accessibility.evaluate import Said, WindowScorer, options_of
from seqmill.applications.accessibility.spec import Options
from seqmill.applications.accessibility.windows import Floats, observe, tracks_of, window_sums
from seqmill.applications.ridge import fit_ridge
from seqmill.applications.scoring import ScoreJob
from seqmill.genome.bases import AMBIGUOUS
from seqmill.genome.words import canonical_words, words_of

K = 5
CONTEXT = 350
"""Bases on either side of a window whose k-mers are counted too."""

Features = Callable[[npt.NDArray[np.uint8], Options], Floats]


def gc(job: ScoreJob) -> WindowScorer:
    """Predict by a parabola of the share of G and C in a window."""
    return _ridge(job, gc_features)


def kmer_ridge(job: ScoreJob) -> WindowScorer:
    """Predict by ridge regression on the 5-mers, either strand, of a window and 350 bases beside it."""
    return _ridge(job, kmer_features)


def gc_features(codes: npt.NDArray[np.uint8], options: Options) -> Floats:
    """Give share of G and C, and its square, of each scored window: float64 [n * windows, 2]."""
    reached = codes[:, options.flank : options.flank + options.span + options.tail]
    strong = window_sums((reached == 1) | (reached == 2), options)
    known = window_sums(reached != AMBIGUOUS, options)
    share = (strong / np.maximum(known, 1)).reshape(-1, 1)
    return np.hstack([share, share**2])


def kmer_features(codes: npt.NDArray[np.uint8], options: Options) -> Floats:
    """Count 5-mers, a 5-mer and its reverse complement as one: float64 [n * windows, 512].

    A 5-mer counts where it begins between `CONTEXT` bases before the window and as many behind it, as far as
    the example reaches.
    """
    words, names = words_of(codes, K), canonical_words(K)
    kinds = int(names.max()) + 1
    feature = np.where(words < 0, kinds, names[words])
    first = options.flank + np.arange(options.windows) * options.stride
    begin = np.maximum(first - CONTEXT, 0)
    stop = np.minimum(first + options.window + CONTEXT, words.shape[1])
    counted = np.zeros((len(codes), options.windows, kinds + 1), np.float32)
    for row, found in enumerate(feature):
        for window, (left, right) in enumerate(zip(begin, stop, strict=True)):
            counted[row, window] = np.bincount(found[left:right], minlength=kinds + 1)
    return counted[..., :kinds].reshape(-1, kinds).astype(np.float64)


def _ridge(job: ScoreJob, features: Features) -> WindowScorer:
    """Predict by ridge regression on features, one for each track."""
    options = options_of(job)
    _, payloads = job.read(job.split, ["sequence"])
    own = tracks_of(job.examples)
    predicted = np.empty((len(own), options.windows))
    learnt = {split: job.read(split, ["sequence", "ends"]) for split in ("train", "validation")}

    def learn(split: str, track: int) -> tuple[Floats, Floats]:
        examples, stored = learnt[split]
        rows = tracks_of(examples) == track
        observed = observe(stored["ends"][rows], options)
        known = observed.known.reshape(-1)
        return (
            features(stored["sequence"][rows], options)[known],
            np.log1p(observed.counts.reshape(-1)[known]),
        )

    for track in np.unique(own):
        model = fit_ridge(*learn("train", track), learn("validation", track))
        rows = own == track
        predicted[rows] = model(features(payloads["sequence"][rows], options)).reshape(-1, options.windows)
    return WindowScorer(job, Said(log_counts=predicted))
