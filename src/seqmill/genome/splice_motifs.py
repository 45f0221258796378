"""The bases at both ends of introns, and the strand that they tell."""

import numpy as np

from seqmill.genome.reference import Reference

MOTIFS = ("other", "GT/AG", "CT/AC", "GC/AG", "CT/GC", "AT/AC", "GT/AT")
"""What an intron begins and ends with on the forward strand, by code (the codes of STAR's SJ.out.tab). Odd
ones are of the forward strand, even ones of the reverse strand; 0 tells no strand."""

_BASES = {base: code for code, base in enumerate("ACGT")}
_OTHER = 5 * 5  # a pair with a base that is none of ACGT


def splice_motifs(reference: Reference, contig: str, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Give the motif of each intron.

    Parameters
    ----------
    reference : Reference
        Holds the contig.
    contig : str
        Its name there.
    starts, ends : np.ndarray, int, shape (n,)
        The introns, 0-based half-open, at least two bases long.

    Returns
    -------
    np.ndarray, uint8, shape (n,)
        Places in `MOTIFS`.

    Raises
    ------
    InputError
        When the reference lacks the contig, or an intron leaves it.
    """
    codes = np.zeros((_OTHER + 1, _OTHER + 1), np.uint8)
    for code, motif in enumerate(MOTIFS[1:], 1):
        left, right = motif.split("/")
        codes[_pair_code(left), _pair_code(right)] = code
    return codes[_pairs(reference, contig, starts), _pairs(reference, contig, ends - 2)]


def motif_strands(motifs: np.ndarray) -> np.ndarray:
    """Give the strand that motifs tell: int8, 1 forward, -1 reverse, 0 not known."""
    return np.where(motifs == 0, 0, np.where(motifs % 2 == 1, 1, -1)).astype(np.int8)


def _pair_code(pair: str) -> int:
    return 5 * _BASES[pair[0]] + _BASES[pair[1]]


def _pairs(reference: Reference, contig: str, positions: np.ndarray) -> np.ndarray:
    """Code the two bases at each position; read in sorted order, each block of the reference once."""
    found = np.zeros(len(positions), np.int64)
    for row in np.argsort(positions, kind="stable"):
        first, second = reference.codes(contig, int(positions[row]), int(positions[row]) + 2)
        found[row] = 5 * int(first) + int(second)
    return found
