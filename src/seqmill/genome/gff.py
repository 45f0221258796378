"""Annotations out of GTF and GFF3 files, plain or gzipped."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

from seqmill.errors import InputError
from seqmill.genome.annotation import Annotation, Gene, Span, Transcript, merged
from seqmill.genome.lines import LineProblems, table_lines
from seqmill.genome.names import some, synonym

UNKNOWN_CONTIG, NO_STRAND, SEVERAL_PLACES = "unknown_contig", "no_strand", "several_places"
"""Why a transcript is dropped: the reference lacks its contig; its strand is neither + nor -; its exons, or
the transcripts of its gene, lie on several contigs or strands."""

_GTF_KEYS = ("gene_id", "transcript_id", "gene_name", "gene_biotype", "gene_type")
_GTF_VALUES = {key: re.compile(rf'(?:^|;)\s*{key}\s+(?:"([^"]*)"|([^\s;"]+))') for key in _GTF_KEYS}
_GFF3_ATTRIBUTE = re.compile(r"\s*[\w.:-]+\s*=")
_NEVER_PARENTS = frozenset({"CDS", "start_codon", "stop_codon", "five_prime_UTR", "three_prime_UTR"})

_CODING = ("CDS", "stop_codon")  # GTF leaves the stop codon out of the CDS, GFF3 does not

_Place = tuple[str, str]  # contig and strand


class _Facts(NamedTuple):
    """What the file calls a gene."""

    name: str
    symbol: str
    biotype: str


class _Exons:
    """Exons and coding stretches by transcript; what the two formats share."""

    def __init__(self) -> None:
        self.exons: dict[str, list[tuple[_Place, Span]]] = {}
        self._coding: dict[str, dict[Span, int]] = {}

    def add(self, transcript: str, place: _Place, span: Span) -> None:
        self.exons.setdefault(transcript, []).append((place, span))

    def add_coding(self, transcript: str, span: Span, phase: str) -> None:
        self._coding.setdefault(transcript, {})[span] = int(phase) if phase in ("1", "2") else 0

    def coding(self, transcript: str, strand: str) -> tuple[tuple[Span, ...], int]:
        """Give what is translated, and the bases before the first whole codon."""
        held = self._coding.get(transcript, {})
        if not held:
            return (), 0
        first = min(held) if strand == "+" else max(held, key=lambda span: span[1])
        return merged(held), held[first]


class _Gtf(_Exons):
    """GTF: each exon names its gene and its transcript."""

    def __init__(self) -> None:
        super().__init__()
        self._genes: dict[str, str] = {}
        self._facts: dict[str, _Facts] = {}

    def take(self, kind: str, text: str, place: _Place, span: Span, phase: str) -> str | None:
        """Take one line in; gives what is wrong with its attributes."""
        if kind in _CODING:
            self.add_coding(_value(text, "transcript_id"), span, phase)
        if kind not in ("exon", "gene"):
            return None
        gene = _value(text, "gene_id")
        if gene and gene not in self._facts:
            biotype = _value(text, "gene_biotype") or _value(text, "gene_type")
            self._facts[gene] = _Facts(gene, _value(text, "gene_name"), biotype)
        if kind == "exon":
            transcript = _value(text, "transcript_id")
            if not gene or not transcript:
                return f"an exon with the attributes {text.strip()!r}, wanted gene_id and transcript_id"
            if self._genes.setdefault(transcript, gene) != gene:
                return f"transcript '{transcript}' of gene '{gene}' is also of '{self._genes[transcript]}'"
            self.add(transcript, place, span)
        return None

    def transcript(self, transcript: str) -> str:
        return transcript

    def gene(self, transcript: str) -> _Facts:
        return self._facts[self._genes[transcript]]


class _Gff3(_Exons):
    """GFF3: exons name their parents, whose parents are the genes."""

    def __init__(self) -> None:
        super().__init__()
        self._held: dict[str, dict[str, str]] = {}

    def take(self, kind: str, text: str, place: _Place, span: Span, phase: str) -> str | None:
        """Take one line in; gives what is wrong with its attributes."""
        pairs = (part.split("=", 1) for part in text.split(";") if "=" in part)
        held = {key.strip(): value.strip() for key, value in pairs}
        if kind == "exon":
            if not held.get("Parent"):
                return f"an exon with the attributes {text.strip()!r}, wanted Parent"
            for parent in held["Parent"].split(","):
                self.add(parent, place, span)
        elif kind in _CODING:
            for parent in held.get("Parent", "").split(","):
                self.add_coding(parent, span, phase)
        elif "ID" in held and kind not in _NEVER_PARENTS:
            self._held.setdefault(held["ID"], held)
        return None

    def transcript(self, transcript: str) -> str:
        return unquote(self._held.get(transcript, {}).get("transcript_id", transcript))

    def gene(self, transcript: str) -> _Facts:
        parent = self._held.get(transcript, {}).get("Parent", transcript).split(",")[0]
        held = self._held.get(parent, {})
        symbol = held.get("gene_name") or held.get("gene") or held.get("Name", "")
        biotype = held.get("gene_biotype") or held.get("gene_type") or held.get("biotype", "")
        return _Facts(unquote(held.get("gene_id", parent)), unquote(symbol), unquote(biotype))


def read_annotation(path: str | os.PathLike[str], *, contigs: Mapping[str, int] | None = None) -> Annotation:
    """Read the genes of a GTF or GFF3 file.

    Transcripts are made of their exons; exons of one that overlap or touch become one. What is translated is
    made of CDS and stop codons in the same way. In GFF3 a parent of exons that has no parent itself is gene
    and transcript in one.

    Parameters
    ----------
    path : path
        The file; GFF3 is told from GTF by the attributes of its first line.
    contigs : mapping, optional
        Contig name -> length of the reference. Contigs named otherwise by ``chr`` or M and MT alone get the
        reference's names; transcripts on others are dropped, and counted.

    Raises
    ------
    InputError
        When there is no such file, it holds no exon, or none on a contig of the reference.
    ConfigErrors
        With all lines that are wrong: columns, coordinates, attributes, an end beyond the contig.
    """
    source = Path(path)
    problems = LineProblems(source)
    features: Counter[str] = Counter()
    names: dict[str, str | None] = {}
    parser: _Gtf | _Gff3 | None = None
    for number, line in table_lines(source):
        if line.startswith(">"):  # the sequences that may follow in GFF3
            break
        columns = line.split("\t")
        if len(columns) != 9:
            problems.add(number, f"found {len(columns)} columns, wanted the nine of GTF and GFF3")
            continue
        contig, _, kind, first, last, _, strand, phase, text = columns
        if parser is None:
            parser = _Gff3() if _GFF3_ATTRIBUTE.match(text) else _Gtf()
        if contig not in names:
            names[contig] = contig if contigs is None else synonym(contig, contigs)
        features[kind] += 1
        known = names[contig]
        span = _span(first, last, contigs[known] if contigs and known and kind == "exon" else None)
        problem = span if isinstance(span, str) else parser.take(kind, text, (contig, strand), span, phase)
        if problem:
            problems.add(number, problem)
    problems.close()
    if parser is None or not parser.exons:
        raise InputError(
            f"{source}: holds no exon; found {_summary(features)}, wanted a GTF or GFF3 whose exons are "
            "written out (gffread -T writes them for a file with CDS alone)"
        )
    renamed = {name: known for name, known in names.items() if known is not None and known != name}
    genes, dropped = _assembled(parser, names)
    if not genes and contigs is not None and dropped[UNKNOWN_CONTIG]:
        raise InputError(
            f"{source}: shares no contig with the reference: found {some(list(names))}, wanted "
            f"{some(list(contigs))}; give the annotation of this reference"
        )
    order = {contig: place for place, contig in enumerate(contigs or names)}
    genes.sort(key=lambda gene: (order[gene.contig], gene.start, gene.end, gene.name))
    return Annotation(tuple(genes), dropped, renamed)


def _assembled(parser: _Gtf | _Gff3, names: Mapping[str, str | None]) -> tuple[list[Gene], dict[str, int]]:
    """Make genes of exons; gives how many transcripts were dropped for which reason."""
    dropped = dict.fromkeys((UNKNOWN_CONTIG, NO_STRAND, SEVERAL_PLACES), 0)
    grouped: dict[_Facts, list[Transcript]] = {}
    for name, exons in parser.exons.items():
        places = {place for place, _ in exons}
        contig, strand = next(iter(places))
        known = names[contig]
        if len(places) > 1:
            dropped[SEVERAL_PLACES] += 1
        elif known is None:
            dropped[UNKNOWN_CONTIG] += 1
        elif strand not in ("+", "-"):
            dropped[NO_STRAND] += 1
        else:
            facts, spans = parser.gene(name), merged(span for _, span in exons)
            transcript = Transcript(
                parser.transcript(name), facts.name, known, strand, spans, *parser.coding(name, strand)
            )
            grouped.setdefault(facts, []).append(transcript)
    genes = []
    for facts, transcripts in grouped.items():
        if len({(held.contig, held.strand) for held in transcripts}) > 1:
            dropped[SEVERAL_PLACES] += len(transcripts)
        else:
            genes.append(Gene(*facts, tuple(transcripts)))
    return genes, dropped


def _value(text: str, key: str) -> str:
    """Give the value of a GTF attribute, empty without it."""
    found = _GTF_VALUES[key].search(text)
    return (found[1] or found[2] or "") if found else ""


def _summary(features: Counter[str]) -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in features.most_common(4))
    return kinds or "no feature"


def _span(first: str, last: str, length: int | None) -> Span | str:
    """Give a feature's span, or what is wrong with it."""
    try:
        start, end = int(first) - 1, int(last)
    except ValueError:
        return f"found {first!r} to {last!r}, wanted whole numbers"
    if not 0 <= start < end:
        return f"found {first} to {last}, wanted 1 <= start <= end"
    if length is not None and end > length:
        return (
            f"ends at {end:,} on a contig of {length:,} bases; the annotation is of another build: give the "
            "one of this reference"
        )
    return start, end
