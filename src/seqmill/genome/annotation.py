"""Genes, transcripts, exons, introns, splice sites and starts of transcription."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

Span = tuple[int, int]
"""Start and end on a contig, 0-based half-open."""


class Intron(NamedTuple):
    """An intron, 0-based half-open; `strand` is that of its transcript, ``+`` or ``-``."""

    contig: str
    start: int
    end: int
    strand: str

    @property
    def donor(self) -> int:
        """Position of its first base as it is transcribed, the G of GT in most."""
        return self.start if self.strand == "+" else self.end - 1

    @property
    def acceptor(self) -> int:
        """Position of its last base as it is transcribed, the G of AG in most."""
        return self.end - 1 if self.strand == "+" else self.start


class SpliceSite(NamedTuple):
    """The base at an end of an intron: `kind` is ``donor`` (its first) or ``acceptor`` (its last)."""

    contig: str
    position: int
    strand: str
    kind: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """A transcript.

    Parameters
    ----------
    name, gene : str
        Its identifier and that of its gene.
    contig, strand : str
        Where it lies; ``+`` or ``-``.
    exons : tuple of (int, int)
        0-based half-open, by position; they neither overlap nor touch.
    coding : tuple of (int, int)
        What is translated, in the same way and with the stop codon; empty where nothing is.
    frame : int
        Bases of it, as it is transcribed, before the first whole codon: 0 to 2.
    """

    name: str
    gene: str
    contig: str
    strand: str
    exons: tuple[Span, ...]
    coding: tuple[Span, ...] = ()
    frame: int = 0

    @property
    def start(self) -> int:
        """Its lowest position."""
        return self.exons[0][0]

    @property
    def end(self) -> int:
        """One more than its highest position."""
        return self.exons[-1][1]

    @property
    def tss(self) -> int:
        """Position of its first base as it is transcribed."""
        return self.start if self.strand == "+" else self.end - 1

    @property
    def introns(self) -> tuple[Intron, ...]:
        """What lies between its exons, by position."""
        return tuple(
            Intron(self.contig, left[1], right[0], self.strand) for left, right in pairwise(self.exons)
        )


@dataclass(frozen=True, slots=True)
class Gene:
    """A gene: at least one transcript, all on one strand of one contig.

    Parameters
    ----------
    name, symbol, biotype : str
        Its identifier; its short name and its kind as the annotation has them, else empty.
    transcripts : tuple of Transcript
        In the order of the file.
    """

    name: str
    symbol: str
    biotype: str
    transcripts: tuple[Transcript, ...]

    @property
    def contig(self) -> str:
        """Where it lies."""
        return self.transcripts[0].contig

    @property
    def strand(self) -> str:
        """``+`` or ``-``."""
        return self.transcripts[0].strand

    @property
    def start(self) -> int:
        """Its lowest position."""
        return min(transcript.start for transcript in self.transcripts)

    @property
    def end(self) -> int:
        """One more than its highest position."""
        return max(transcript.end for transcript in self.transcripts)

    @property
    def tss(self) -> int:
        """Position of the most upstream start of its transcripts."""
        return self.start if self.strand == "+" else self.end - 1

    @property
    def exons(self) -> tuple[Span, ...]:
        """The union of the exons of its transcripts, by position."""
        return merged(exon for transcript in self.transcripts for exon in transcript.exons)


@dataclass(frozen=True)
class Annotation:
    """The genes of a genome.

    Parameters
    ----------
    genes : tuple of Gene
        By contig, in the order of the reference where one was given, then by start.
    dropped : mapping
        Reason -> how many transcripts of the file were left out for it.
    renamed : mapping
        Contig name in the file -> name in the reference, where they differ.
    """

    genes: tuple[Gene, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def transcripts(self) -> tuple[Transcript, ...]:
        """All transcripts, gene by gene."""
        return tuple(transcript for gene in self.genes for transcript in gene.transcripts)

    @property
    def introns(self) -> tuple[Intron, ...]:
        """The distinct introns of all transcripts, sorted; a gap of few bases is mostly a frame shift."""
        return tuple(sorted({intron for held in self.transcripts for intron in held.introns}))


def splice_sites(introns: Iterable[Intron]) -> tuple[SpliceSite, ...]:
    """Give the distinct donors and acceptors of introns, sorted."""
    sites = set()
    for intron in introns:
        sites.add(SpliceSite(intron.contig, intron.donor, intron.strand, "donor"))
        sites.add(SpliceSite(intron.contig, intron.acceptor, intron.strand, "acceptor"))
    return tuple(sorted(sites))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Give the union of spans as sorted spans that neither overlap nor touch."""
    union: list[Span] = []
    for start, end in sorted(spans):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((start, end))
    return tuple(union)
