"""A random reference with the features that make real genomes hard."""

import numpy as np

_GC_WAVE = 20_000
_TANDEM_EVERY = 900
_RUN_EVERY = 250
_REPEAT_SHARE = 0.08


def random_genome(length: int, rng: np.random.Generator) -> np.ndarray:
    """Draw a contig with waves of GC content, homopolymers, short tandem repeats and diverged copies.

    GC content swings between about 33 % and 55 % over some 20 kb. Every 250 bp on average a homopolymer of
    5 to 25 bp is laid down, every 900 bp a tandem repeat of a unit of 2 to 6 bp with 3 to 20 copies, lengths
    falling off geometrically as in human sequence. About 8 % of the contig are copies of earlier
    stretches of 300 to 3,000 bp, 0.05 to 15 % diverged (log-uniform), half of them inverted.

    Parameters
    ----------
    length : int
        In bp.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray
        uint8 [length], A 0, C 1, G 2, T 3.
    """
    knots = np.arange(0, length + 2 * _GC_WAVE, _GC_WAVE)
    gc = np.interp(np.arange(length), knots, np.clip(rng.normal(0.42, 0.06, len(knots)), 0.33, 0.55))
    strong = rng.random(length) < gc
    side = rng.random(length) < 0.5
    codes = np.where(strong, np.where(side, 1, 2), np.where(side, 0, 3)).astype(np.uint8)
    for _ in range(length // _RUN_EVERY):
        run = min(5 + int(rng.geometric(0.28)) - 1, 25)
        base = rng.choice(np.array([0, 3, 1, 2], np.uint8), p=[0.45, 0.45, 0.05, 0.05])
        _lay(codes, np.full(run, base, np.uint8), rng)
    for _ in range(length // _TANDEM_EVERY):
        unit = rng.integers(0, 4, int(rng.choice([2, 3, 4, 5, 6], p=[0.5, 0.15, 0.25, 0.05, 0.05])))
        copies = min(3 + int(rng.geometric(0.22)) - 1, 20)
        _lay(codes, np.tile(unit.astype(np.uint8), copies), rng)
    laid = 0
    while laid < _REPEAT_SHARE * length and length > 10_000:
        size = int(rng.integers(300, 3000))
        source = int(rng.integers(0, length - size))
        copy = codes[source : source + size].copy()
        changed = rng.random(size) < 0.15 ** rng.uniform(1.0, 4.0)
        copy[changed] = (copy[changed] + rng.integers(1, 4, int(changed.sum()))) % 4
        _lay(codes, 3 - copy[::-1] if rng.random() < 0.5 else copy, rng)
        laid += size
    return codes


def _lay(codes: np.ndarray, piece: np.ndarray, rng: np.random.Generator) -> None:
    if len(piece) < len(codes):
        start = int(rng.integers(0, len(codes) - len(piece)))
        codes[start : start + len(piece)] = piece
