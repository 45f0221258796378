"""Motifs in the minimal MEME format."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.motif import Motif

_MATRIX = "letter-probability matrix:"
_OFF = 0.02


def read_meme(path: str | os.PathLike[str]) -> list[Motif]:
    """Read the motifs of a file in MEME format, version 4 or later.

    Of a motif only the letter-probability matrix is read: a log-odds matrix that stands beside it is passed
    over. Rows that add up to 1 up to rounding are scaled to it.

    Raises
    ------
    InputError
        When the file is missing, is no MEME file, is of another alphabet, holds no motif, or a matrix has not
        the promised width or is not of probabilities; the message names the line.

    Notes
    -----
    The format: https://meme-suite.org/meme/doc/meme-format.html
    """
    source = Path(path)
    if not source.is_file():
        raise InputError(f"{source}: there is no such file of motifs; give one in MEME format")
    try:
        lines = source.read_text().splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{source}: found bytes that are no text, wanted motifs in MEME format") from None
    if not any(line.startswith("MEME version") for line in lines[:20]):
        raise InputError(f"{source}: found no line 'MEME version' at its beginning; wanted the MEME format")
    alphabet = next((line for line in lines if line.startswith("ALPHABET")), "ALPHABET= ACGT")
    if not alphabet.removeprefix("ALPHABET").strip(" =").upper().startswith(("ACGT", "DNA", '"DNA"')):
        raise InputError(f"{source}: found '{alphabet.strip()}', wanted ALPHABET= ACGT: motifs of DNA")
    motifs = list(_motifs(source, lines))
    if not motifs:
        raise InputError(f"{source}: holds no motif; wanted lines 'MOTIF NAME' and '{_MATRIX} w= ...'")
    return motifs


def write_meme(path: str | os.PathLike[str], motifs: Iterable[Motif], *, background: Sequence[float]) -> None:
    """Write motifs in MEME format, atomically; `background` is the share of A, C, G and T."""
    shares = " ".join(f"{base} {share:.4f}" for base, share in zip("ACGT", background, strict=True))
    head = f"MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\n{shares}\n"
    with atomic_path(path) as aside, open(aside, "w") as handle:
        handle.write(head)
        for motif in motifs:
            handle.write(
                f"\nMOTIF {motif.name}\n{_MATRIX} alength= 4 w= {motif.width} nsites= {motif.sites} E= 0\n"
            )
            handle.writelines(" ".join(f"{value:.6f}" for value in row) + "\n" for row in motif.probabilities)


def _motifs(source: Path, lines: Sequence[str]) -> Iterator[Motif]:
    name, begun = "", 0
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.startswith("MOTIF"):
            if name:
                raise _without_matrix(source, begun, name)
            fields = line.split()
            if len(fields) < 2:
                raise InputError(f"{source}: line {number}: a motif without a name; wanted 'MOTIF NAME'")
            name, begun = fields[1], number
            if name in seen:
                raise InputError(f"{source}: line {number}: motif '{name}' a second time; give each one name")
            seen.add(name)
        elif line.strip().lower().startswith(_MATRIX):
            if not name:
                raise InputError(f"{source}: line {number}: a matrix without a line 'MOTIF NAME' before it")
            facts = line.lower().replace("=", " ").split()
            rows = _rows(source, lines, number, _whole(facts, "w"))
            yield Motif(name=name, probabilities=rows, sites=_whole(facts, "nsites") or 20)
            name = ""
    if name:
        raise _without_matrix(source, begun, name)


def _rows(source: Path, lines: Sequence[str], after: int, width: int | None) -> np.ndarray:
    rows: list[list[float]] = []
    for number in range(after + 1, len(lines) + 1):
        fields = lines[number - 1].split()
        try:
            values = [float(field) for field in fields]
        except ValueError:
            break
        if not values or len(rows) == width:
            break
        if len(values) != 4 or min(values) < 0 or abs(sum(values) - 1) > _OFF:
            raise InputError(
                f"{source}: line {number}: found '{lines[number - 1].strip()[:60]}', wanted four "
                "probabilities of A, C, G and T that add up to 1"
            )
        rows.append([value / sum(values) for value in values])
    if not rows or (width is not None and len(rows) != width):
        raise InputError(
            f"{source}: line {after}: found {len(rows)} rows below it, wanted {width or 'one or more'}"
        )
    return np.array(rows)


def _whole(facts: Sequence[str], name: str) -> int | None:
    value = facts[facts.index(name) + 1] if name in facts[:-1] else ""
    try:
        return int(float(value))
    except ValueError:
        return None


def _without_matrix(source: Path, line: int, name: str) -> InputError:
    return InputError(f"{source}: line {line}: motif '{name}' has no '{_MATRIX}'")
