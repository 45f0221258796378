"""Fragments of a diploid library: where each pair of reads comes from."""

from dataclasses import dataclass

import numpy as np

from seqmill.errors import InputError
from seqmill.simulate.repeats import N_CODE

SHORTEST_BEYOND_READ = 20
_MOST_ROUNDS = 200


@dataclass(frozen=True)
class Fragments:
    """Origins of read pairs, one row a pair.

    Attributes
    ----------
    haplotype : np.ndarray
        uint8 [n], 0 or 1.
    start, length : np.ndarray
        int32 [n], on the haplotype's own coordinates, 0-based.
    reverse : np.ndarray
        bool [n]; mate 1 reads the reverse strand.
    molecule : np.ndarray
        int32 [n]; pairs with the same number are duplicates of one molecule.
    """

    haplotype: np.ndarray
    start: np.ndarray
    length: np.ndarray
    reverse: np.ndarray
    molecule: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


def draw_fragments(
    haplotypes: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
    *,
    depth: float,
    read_length: int,
    insert_mean: float,
    insert_sd: float,
    duplicate_rate: float,
) -> Fragments:
    """Draw the fragments of one contig, uniform over both haplotypes and outside of N.

    `depth` counts the bases of distinct molecules over the callable length of the contig, so duplicates come
    on top of it. Insert sizes are normal, cut at the read length + 20 and at 4 standard deviations above
    the mean.

    Parameters
    ----------
    haplotypes : tuple of np.ndarray
        uint8 codes of the two haplotypes.
    rng : np.random.Generator
        Used up in a fixed order.

    Raises
    ------
    InputError
        When no fragment fits between the N runs.
    """
    unknown = [np.concatenate([[0], np.cumsum(codes >= N_CODE)]) for codes in haplotypes]
    callable_length = np.mean(
        [len(codes) - gaps[-1] for codes, gaps in zip(haplotypes, unknown, strict=True)]
    )
    wanted = round(depth * callable_length / (2 * read_length))
    share = len(haplotypes[0]) / (len(haplotypes[0]) + len(haplotypes[1]))
    parts: list[tuple[np.ndarray, ...]] = []
    found = 0
    for _ in range(_MOST_ROUNDS):
        if found >= wanted:
            break
        count = int((wanted - found) * 1.5) + 100
        haplotype = (rng.random(count) >= share).astype(np.uint8)
        length = np.rint(rng.normal(insert_mean, insert_sd, count))
        length = np.clip(length, read_length + SHORTEST_BEYOND_READ, insert_mean + 4 * insert_sd).astype(
            np.int64
        )
        span = np.where(haplotype == 0, len(haplotypes[0]), len(haplotypes[1])) - length
        start = np.floor(rng.random(count) * np.maximum(span + 1, 0)).astype(np.int64)
        reverse = rng.random(count) < 0.5
        clear = span >= 0
        for which, gaps in enumerate(unknown):
            mine = np.flatnonzero((haplotype == which) & clear)
            clear[mine] = gaps[start[mine] + length[mine]] == gaps[start[mine]]
        parts.append((haplotype[clear], start[clear], length[clear], reverse[clear]))
        found += int(clear.sum())
    if found < wanted:
        raise InputError(
            f"only {found} of {wanted} fragments of about {insert_mean:g} bp fit into the contig between its "
            "N runs; give a longer contig or a smaller insert size"
        )
    haplotype, start, length, reverse = (
        np.concatenate(column)[:wanted] for column in zip(*parts, strict=True)
    )
    copies = rng.integers(0, max(wanted, 1), rng.binomial(wanted, duplicate_rate))
    molecule = np.concatenate([np.arange(wanted), copies])
    molecule = molecule[rng.permutation(len(molecule))]
    return Fragments(
        haplotype[molecule],
        start[molecule].astype(np.int32),
        length[molecule].astype(np.int32),
        reverse[molecule],
        molecule.astype(np.int32),
    )
