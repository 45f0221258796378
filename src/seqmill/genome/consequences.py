"""What an allele does to the proteins of the genes that it lies in."""

from bisect import bisect_left
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from seqmill.genome.annotation import Annotation, Transcript
from seqmill.genome.bases import codes_of, reverse_complement
from seqmill.genome.normalise import trim
from seqmill.genome.reference import Reference
from seqmill.genome.translation import START, first_stop, translate
from seqmill.genome.variants import Allele

SPLICE_SITE, STOP_GAINED, FRAMESHIFT, STOP_LOST = "splice_site", "stop_gained", "frameshift", "stop_lost"
START_LOST, INFRAME, MISSENSE, SYNONYMOUS = "start_lost", "inframe_indel", "missense", "synonymous"
CLASSES = (SPLICE_SITE, STOP_GAINED, FRAMESHIFT, STOP_LOST, START_LOST, INFRAME, MISSENSE, SYNONYMOUS)
"""Classes of consequence, the most severe first, as Ensembl ranks them."""

_SPLICED = 13  # bases of the shortest intron that is spliced; a shorter gap mends a frame
_EITHER_END = 2


class ConsequenceCaller:
    """Finds the consequences of alleles in coding transcripts.

    An allele is taken where it is written. It is of ``splice_site`` when it changes one of the two bases at
    either end of an intron. Of others, what is translated is compared before and after: a change of its
    length that is no multiple of 3 is a ``frameshift``; an earlier stop ``stop_gained``, a stop that is gone
    ``stop_lost``, a first methionine that is gone ``start_lost``; another change of length
    ``inframe_indel``, of amino acids ``missense``, and none ``synonymous``. A change of length that reaches
    beyond either end of what is translated is ``start_lost`` or ``stop_lost``.

    Parameters
    ----------
    annotation : Annotation
        Transcripts with their coding stretches; those without have no consequence.
    reference : Reference
        The genome; contigs that it lacks are passed over.
    """

    def __init__(self, annotation: Annotation, reference: Reference) -> None:
        self._reference = reference
        self._proteins: dict[tuple[str, str], tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]] = {}
        self._held: dict[str, list[Transcript]] = {}
        for transcript in annotation.transcripts:
            if transcript.coding and transcript.contig in reference.contigs:
                self._held.setdefault(transcript.contig, []).append(transcript)
        self._starts: dict[str, list[int]] = {}
        self._longest: dict[str, int] = {}
        for contig, held in self._held.items():
            held.sort(key=lambda one: one.start)
            self._starts[contig] = [one.start for one in held]
            self._longest[contig] = max(one.end - one.start for one in held)

    def call(self, allele: Allele) -> dict[str, str]:
        """Give the most severe consequence by gene, over the transcripts of each; others are absent."""
        start, ref, alt = trim(allele.start, allele.ref, allele.alt)
        found: dict[str, str] = {}
        for transcript in self._around(allele.contig, start, start + len(ref)):
            told = self._consequence(transcript, start, ref, alt)
            if told is not None:
                gene = transcript.gene
                found[gene] = min(told, found.get(gene, told), key=CLASSES.index)
        return found

    @property
    def readable(self) -> tuple[int, int]:
        """Transcripts whose translation has no stop before its last codon, and how many there are."""
        held = [one for transcripts in self._held.values() for one in transcripts]
        proteins = [self._translated(one)[1] for one in held]
        return sum(first_stop(protein) >= len(protein) - 1 for protein in proteins), len(held)

    def _around(self, contig: str, start: int, end: int) -> Iterator[Transcript]:
        if contig not in self._held:
            return
        starts = self._starts[contig]
        first = bisect_left(starts, start - self._longest[contig])
        for transcript in self._held[contig][first : bisect_left(starts, end + 1)]:
            if transcript.end >= start:
                yield transcript

    def _consequence(self, transcript: Transcript, start: int, ref: str, alt: str) -> str | None:
        end = start + len(ref)
        if _touches_splice_site(transcript, start, end):
            return SPLICE_SITE
        first, last = _before(transcript, start), _before(transcript, end)
        inside = any(a < start < b for a, b in transcript.coding) if not ref else last > first
        if not inside:
            return None
        cds, protein = self._translated(transcript)
        coding = cds if transcript.strand == "+" else reverse_complement(cds)
        bases = codes_of(alt)
        if len(ref) == len(alt):
            kept = np.array([any(a <= at < b for a, b in transcript.coding) for at in range(start, end)])
            bases = bases[kept]
        elif last - first < len(ref):
            upstream = start < transcript.coding[0][0]
            return START_LOST if upstream == (transcript.strand == "+") else STOP_LOST
        changed = np.concatenate([coding[:first], bases, coding[last:]])
        grown = len(changed) - len(coding)
        if grown % 3:
            return FRAMESHIFT
        if transcript.strand == "-":
            changed = reverse_complement(changed)
        return _compared(
            protein, translate(changed[transcript.frame :]), grown // 3, whole=not transcript.frame
        )

    def _translated(self, transcript: Transcript) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """Give what is translated, as it is transcribed, and the protein."""
        key = transcript.gene, transcript.name
        if key not in self._proteins:
            parts = [self._reference.codes(transcript.contig, a, b) for a, b in transcript.coding]
            cds = np.concatenate(parts)
            cds = cds if transcript.strand == "+" else reverse_complement(cds)
            self._proteins[key] = cds, translate(cds[transcript.frame :])
        return self._proteins[key]


def _compared(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8], grown: int, *, whole: bool) -> str:
    """Give the consequence of a change of a protein by `grown` amino acids; `whole` if its start is known."""
    if np.array_equal(before, after):
        return SYNONYMOUS
    stop, wanted = first_stop(after), first_stop(before) + grown
    if stop < wanted:
        return STOP_GAINED
    if stop > wanted:
        return STOP_LOST
    if whole and len(before) and before[0] == START and (not len(after) or after[0] != START):
        return START_LOST
    return INFRAME if grown else MISSENSE


def _before(transcript: Transcript, position: int) -> int:
    """Count the coding bases before a position."""
    return sum(min(max(position - start, 0), end - start) for start, end in transcript.coding)


def _touches_splice_site(transcript: Transcript, start: int, end: int) -> bool:
    """Say whether ``[start, end)``, or an insertion at `start`, changes either end of an intron."""
    for intron in transcript.introns:
        if intron.end - intron.start < _SPLICED:
            continue
        for first, last in (
            (intron.start, intron.start + _EITHER_END),
            (intron.end - _EITHER_END, intron.end),
        ):
            if (start < last and end > first) if end > start else first < start < last:
                return True
    return False
