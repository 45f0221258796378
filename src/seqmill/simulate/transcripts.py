"""A genome with genes laid into it, whose introns carry the signals of splicing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seqmill.genome.annotation import Annotation, Gene, Transcript
from seqmill.simulate.genome import random_genome
from seqmill.simulate.streams import stream

_CODES = {base: code for code, base in enumerate("ACGT")}
_DONOR = ("CAG", "GTAAGT")  # on either side of the border of exon and intron
_ACCEPTOR = ("CAG", "G")
_TRACT = 12
_KEPT = 0.8  # share of sites that follow the consensus at a position


@dataclass(frozen=True)
class PlantedGenome:
    """A genome and the genes in it.

    Attributes
    ----------
    codes : dict
        Contig name -> bases, uint8: A 0, C 1, G 2, T 3.
    annotation : Annotation
        One transcript for each gene.
    """

    codes: dict[str, np.ndarray]
    annotation: Annotation


def plant_transcripts(contigs: Mapping[str, int], *, seed: int) -> PlantedGenome:
    """Draw a genome and lay genes into it, one behind the other, on either strand.

    A gene has two to five exons of 80 to 250 bases and introns of 60 to 500; between genes lie 100 to 800
    bases. All introns begin with GT and end with AG; the other bases of the consensus ``CAG|GTAAGT`` and of a
    pyrimidine tract before ``CAG|G`` are there in four of five. The rest is `random_genome`, which holds
    GT and AG by chance as often as any sequence does.

    Parameters
    ----------
    contigs : mapping
        Contig name -> length in bases.
    seed : int
        Decides everything; a contig's bases depend on its own name and length alone.
    """
    codes, genes = {}, []
    for contig, length in contigs.items():
        generator = stream(seed, "transcripts", contig)
        bases = random_genome(length, generator)
        at = int(generator.integers(100, 800))
        while True:
            lengths = _lengths(generator)
            end = at + sum(lengths)
            if end + 100 > length:
                break
            forward = bool(generator.random() < 0.5)
            bounds = np.cumsum([0, *lengths])
            piece = bases[at:end] if forward else 3 - bases[at:end][::-1]
            _sign(piece := piece.copy(), bounds, generator)
            bases[at:end] = piece if forward else 3 - piece[::-1]
            placed = at + bounds if forward else end - bounds[::-1]
            exons = tuple(zip(placed[::2].tolist(), placed[1::2].tolist(), strict=True))
            name = f"{contig}.g{len(genes)}"
            transcript = Transcript(f"{name}.t", name, contig, "+" if forward else "-", exons)
            genes.append(Gene(name, "", "", (transcript,)))
            at = end + int(generator.integers(100, 800))
        codes[contig] = bases
    return PlantedGenome(codes, Annotation(tuple(genes)))


def _lengths(generator: np.random.Generator) -> list[int]:
    """Draw the lengths of exons and introns in turn."""
    exons = int(generator.integers(2, 6))
    drawn = [int(generator.integers(80, 251))]
    for _ in range(exons - 1):
        drawn += [int(generator.integers(60, 501)), int(generator.integers(80, 251))]
    return drawn


def _sign(bases: np.ndarray, bounds: np.ndarray, generator: np.random.Generator) -> None:
    """Write the signals of splicing around the introns of a gene, which lies as it is transcribed."""
    for start, end in zip(bounds[1:-1:2], bounds[2::2], strict=True):
        _write(bases, start - len(_DONOR[0]), _DONOR[0], generator)
        _write(bases, start + 2, _DONOR[1][2:], generator)
        tract = "".join(generator.choice(["C", "T"], _TRACT))
        _write(bases, end - len(_ACCEPTOR[0]) - 1 - _TRACT, tract, generator)
        _write(bases, end - 3, _ACCEPTOR[0][:1], generator)
        _write(bases, end, _ACCEPTOR[1], generator)
        bases[start : start + 2] = _CODES["G"], _CODES["T"]
        bases[end - 2 : end] = _CODES["A"], _CODES["G"]


def _write(bases: np.ndarray, at: int, text: str, generator: np.random.Generator) -> None:
    """Write bases, each kept in `_KEPT` of cases."""
    for offset, base in enumerate(text):
        if generator.random() < _KEPT:
            bases[at + offset] = _CODES[base]
