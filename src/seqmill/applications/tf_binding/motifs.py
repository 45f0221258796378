"""The motifs that a database has of factors."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from seqmill.errors import InputError, nearest
from seqmill.genome.meme import read_meme
from seqmill.genome.motif import Motif


def motifs_of(path: Path, factors: Sequence[str]) -> Mapping[str, list[Motif]]:
    """Give the motifs of each factor, in the order of the file: their names are the factor's, up to a dot.

    Raises
    ------
    InputError
        When the file cannot be used, or has no motif of a factor.
    """
    found: dict[str, list[Motif]] = {name: [] for name in factors}
    known = read_meme(path)
    for motif in known:
        gene = motif.name.split(".")[0]
        if gene in found:
            found[gene].append(motif)
    for name, of_factor in found.items():
        if not of_factor:
            there = {motif.name.split(".")[0] for motif in known}
            raise InputError(
                f"{path}: holds no motif of '{name}'{nearest(name, there)}; wanted one named '{name}' or "
                f"'{name}.ANYTHING': name factors in options.factors as the database does"
            )
    return found
