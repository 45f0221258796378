"""What sequences are made of: words of k bases, and the share of G and C."""

import numpy as np
import numpy.typing as npt

from seqmill.genome.bases import AMBIGUOUS

Codes = npt.NDArray[np.uint8]


def words_of(codes: Codes, k: int) -> npt.NDArray[np.int64]:
    """Number the word of k bases that begins at each position.

    Parameters
    ----------
    codes : uint8 array, shape (n, length)
        A 0, C 1, G 2, T 3; 4 where no base is known.
    k : int
        Bases of a word, at most 31.

    Returns
    -------
    int64 array, shape (n, length - k + 1)
        The word as a number to base 4, its first base counting most; -1 where it holds an unknown base.
    """
    words = np.zeros((len(codes), codes.shape[1] - k + 1), np.int64)
    unknown = np.zeros(words.shape, np.bool_)
    for at in range(k):
        column = codes[:, at : at + words.shape[1]]
        words = 4 * words + column
        unknown |= column == AMBIGUOUS
    return np.where(unknown, -1, words)


def canonical_words(k: int) -> npt.NDArray[np.int64]:
    """Number the words of k bases so that one and its reverse complement share a number, from 0.

    Returns
    -------
    int64 array, shape (4**k,)
        The shared number of each word of `words_of`.
    """
    own = np.arange(4**k)
    bases = own[:, None] // 4 ** np.arange(k) % 4  # the last base first
    other = (3 - bases) @ 4 ** np.arange(k)[::-1]
    return np.unique(np.minimum(own, other), return_inverse=True)[1].astype(np.int64)


def gc_share(codes: Codes) -> npt.NDArray[np.float64]:
    """Give the share of G and C among the known bases of sequences, (n,) of (n, length); 0 without any."""
    strong = ((codes == 1) | (codes == 2)).sum(axis=1)
    return strong / np.maximum((codes != AMBIGUOUS).sum(axis=1), 1)
