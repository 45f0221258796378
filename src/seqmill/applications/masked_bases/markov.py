"""Baselines: the composition of the genome, and a Markov chain that knows the bases on both sides."""

import numpy as np
import numpy.typing as npt
import torch

from seqmill.applications.masked_bases.evaluate import BaseScorer, Floats, Told
from seqmill.applications.masked_bases.masks import EVERY, masked_places
from seqmill.applications.masked_bases.spec import Options
from seqmill.applications.scoring import ScoreJob, further_metric
from seqmill.genome.bases import AMBIGUOUS, reverse_complement

HIGHEST = EVERY - 1
"""Highest order that is tried; all bases that it asks for are known."""

_PRIOR = 0.5
_ROWS = 256

Codes = npt.NDArray[np.uint8]


def composition(job: ScoreJob) -> BaseScorer:
    """Tell each base by its share in the training examples."""
    return BaseScorer(job, tell(job, chain_of(_counts(job), 0)))


def markov(job: ScoreJob) -> BaseScorer:
    """Tell each base by a Markov chain whose order is the one with the highest likelihood on validation."""
    counts = _counts(job)
    chains = [chain_of(counts, order) for order in range(HIGHEST + 1)]
    held_out = [tell(job, chain, "validation") for chain in chains]
    order = int(np.argmax([np.average(told.log_likelihood, weights=told.bases) for told in held_out]))
    told = held_out[order] if job.split == "validation" else tell(job, chains[order])
    return BaseScorer(job, told, further=[further_metric("order", order, n=int(told.bases.sum()))])


def count_words(codes: Codes, size: int) -> npt.NDArray[np.int64]:
    """Count the words of `size` known bases on both strands of sequences.

    Parameters
    ----------
    codes : uint8 array [n, length]
        Base codes.
    size : int
        Bases of a word.

    Returns
    -------
    int64 array [4 ** size]
        By the word read as a number in base four.
    """
    counts = np.zeros(4**size, np.int64)
    for at in range(0, len(codes), _ROWS):
        some = codes[at : at + _ROWS]
        for strand in (some, reverse_complement(some)):
            words, known = _words(strand, size)
            counts += np.bincount(words[known], minlength=4**size)
    return counts


def chain_of(counts: npt.NDArray[np.int64], order: int) -> Floats:
    """Give the chain of an order, log probabilities [4 ** order, 4] of a base behind a word of `order` bases.

    Parameters
    ----------
    counts : int64 array [4 ** size]
        Counts of words of more than `order` bases, from `count_words`.
    order : int
        Bases that the next one hangs on.
    """
    shorter = counts.reshape(-1, 4 ** (order + 1)).sum(axis=0).reshape(-1, 4) + _PRIOR
    return np.log(shorter / shorter.sum(axis=1, keepdims=True))


def conditional(codes: Codes, at: npt.NDArray[np.int64], chain: Floats) -> Floats:
    """Give the probability of each base at a place, given all bases around it, under a Markov chain.

    By Bayes's rule it is proportional to the product of the transitions that the place takes part in: the one
    into it and the `order` ones behind it. A transition with another unknown base is left out.

    Parameters
    ----------
    codes : uint8 array [n, length]
        Base codes; what stands at the places themselves does not matter.
    at : int64 array [n, places]
        Places, each at least `order` from either end.
    chain : float64 array [4 ** order, 4]
        From `chain_of`.

    Returns
    -------
    float64 array [n, places, 4]
        Logarithms of probabilities.
    """
    size = round(np.log(chain.size) / np.log(4))
    flat, rows = chain.reshape(-1), np.arange(len(codes))[:, None]
    logs = np.zeros((*at.shape, 4))
    for place in range(size):  # where in the word the base lies
        others = [offset for offset in range(size) if offset != place]
        word = np.zeros(at.shape, np.int64)
        known = np.ones(at.shape, bool)
        for offset in others:
            base = codes[rows, at + offset - place]
            known &= base < AMBIGUOUS
            word += np.minimum(base, 3).astype(np.int64) * 4 ** (size - 1 - offset)
        candidates = word[..., None] + np.arange(4) * 4 ** (size - 1 - place)
        logs += np.where(known[..., None], flat[candidates], 0.0)
    logs -= logs.max(axis=-1, keepdims=True)
    return logs - np.log(np.exp(logs).sum(axis=-1, keepdims=True))


def tell(job: ScoreJob, chain: Floats, split: str = "") -> Told:
    """Tell the masked bases of a split by a chain."""
    examples, payloads = job.read(split or job.split, ["sequence"])
    options = Options(**job.plan["options"])
    ids = torch.from_numpy(examples["example_id"].to_numpy(np.uint64, copy=True))
    places = options.flank + masked_places(ids, options.span).numpy()
    inside = places < options.flank + options.span
    places = np.minimum(places, options.flank + options.span - 1)
    parts = [
        _told(payloads["sequence"][at : at + _ROWS], places[at : at + _ROWS], inside[at : at + _ROWS], chain)
        for at in range(0, len(places), _ROWS)
    ]
    return Told(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _told(codes: Codes, places: npt.NDArray[np.int64], inside: npt.NDArray[np.bool_], chain: Floats) -> Told:
    truth = np.take_along_axis(codes, places, axis=1).astype(np.int64)
    asked = inside & (truth < AMBIGUOUS)
    logs = conditional(codes, places, chain)
    found = np.take_along_axis(logs, np.minimum(truth, 3)[..., None], axis=2)[..., 0]
    bases = asked.sum(axis=1)
    each = np.maximum(bases, 1)
    right = (logs.argmax(axis=2) == truth) & asked
    return Told((found * asked).sum(axis=1) / each, right.sum(axis=1) / each, bases)


def _counts(job: ScoreJob) -> npt.NDArray[np.int64]:
    options = Options(**job.plan["options"])
    _, payloads = job.read("train", ["sequence"])
    return count_words(payloads["sequence"][:, options.flank : options.flank + options.span], EVERY)


def _words(codes: Codes, size: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    length = codes.shape[1] - size + 1
    words = np.zeros((len(codes), length), np.int64)
    known = np.ones(words.shape, bool)
    for at in range(size):
        base = codes[:, at : at + length]
        known &= base < AMBIGUOUS
        words = 4 * words + np.minimum(base, 3)
    return words, known
