"""Annotate the variants of a VCF with what a sequence model says they change."""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pysam
import torch

from seqmill.applications.sequence import SequenceModel
from seqmill.errors import InputError
from seqmill.files import atomic_path, sha256_file
from seqmill.genome.names import check_names, synonyms
from seqmill.genome.normalise import is_sequence
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant, check_reference
from seqmill.interpretation.alleles import Change, justified
from seqmill.interpretation.annotated import (
    Layout,
    Scored,
    annotate,
    new_header,
    source_node,
    table_head,
    table_lines,
)
from seqmill.interpretation.deltas import delta
from seqmill.interpretation.model import open_model
from seqmill.interpretation.pairs import MOVES, Pair, pairs_in, pairs_of
from seqmill.interpretation.places import OUTSIDE, Places
from seqmill.interpretation.regions import bed_regions
from seqmill.interpretation.scores import Effect, score
from seqmill.origin import Node, file_node, this_step
from seqmill.progress import progress
from seqmill.training.checkpoint import origin

SYMBOLIC = "symbolic"
UNKNOWN_CONTIG = "unknown_contig"
_CHUNK = 64


class _Asked(NamedTuple):
    """An allele to be scored.

    Attributes
    ----------
    start : int
        Its start as it is written, 0-based.
    change : Change
        What it changes.
    windows : list of (str, list of Pair)
        Its windows by the name of their place, empty where they move with the allele.
    """

    start: int
    change: Change
    windows: list[tuple[str, list[Pair]]]


@dataclass(kw_only=True)
class Annotator:
    """A model and a genome, with what became of the alleles so far.

    Attributes
    ----------
    model : SequenceModel
        The model.
    reference : Reference
        The genome.
    places : Places or None
        Where windows stay; None moves them to the variant.
    names : dict
        Contigs of the VCF that the genome knows by another name: old -> new.
    counts : dict
        Alleles by what became of them: ``scored``, or the reason why not.
    """

    model: SequenceModel
    reference: Reference
    places: Places | None = None
    names: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def score(self, variants: Iterable[Variant]) -> list[list[Scored]]:
        """Score every alternative allele of variants, together; of several places the one it changes most."""
        held = [[self._asked(variant, alt) for alt in variant.alts] for variant in variants]
        asked = [pairs for row in held for one in row if not isinstance(one, str) for _, pairs in one.windows]
        effects = iter(score(self.model, asked))
        scored = []
        for row in held:
            scored.append([self._scored(one, effects) for one in row])
            for one in scored[-1]:
                name = one.reason or "scored"
                self.counts[name] = self.counts.get(name, 0) + 1
        return scored

    def _scored(self, asked: _Asked | str, effects: Iterator[Effect]) -> Scored:
        if isinstance(asked, str):
            return Scored(effect=None, reason=asked)
        found = [Scored(effect=next(effects), place=name) for name, _ in asked.windows]
        told = delta(self.model, asked.change, self.reference, start=asked.start)
        return replace(max(found, key=_largest), delta=told)

    def _asked(self, variant: Variant, alt: str) -> _Asked | str:
        contig = self.names.get(variant.contig, variant.contig)
        if contig not in self.reference.contigs:
            return UNKNOWN_CONTIG
        if not is_sequence(alt):
            return SYMBOLIC
        change = justified(contig, variant.start, variant.ref, alt, self.reference)
        if self.places is None:
            moves = MOVES[:1] if self.model.along else MOVES
            pairs = pairs_of(change, self.reference, self.model.length, moves=moves)
            return pairs if isinstance(pairs, str) else _Asked(variant.start, change, [("", pairs)])
        there = [(one.name, pairs_in(change, one, self.reference)) for one in self.places.around(change)]
        usable = [(name, pairs) for name, pairs in there if not isinstance(pairs, str)]
        reasons = [pairs for _, pairs in there if isinstance(pairs, str)]
        if not usable:
            return reasons[0] if reasons else OUTSIDE
        return _Asked(variant.start, change, usable)


def annotate_variants(
    checkpoint: Path,
    *,
    reference: Path,
    vcf: Path,
    output: Path,
    table: Path | None = None,
    regions: Path | None = None,
    threads: int = 1,
) -> dict[str, int]:
    """Write a VCF, and a table if asked, with the effect of every alternative allele.

    Parameters
    ----------
    checkpoint, reference, vcf : Path
        A model that reads sequence; FASTA of the genome; variants, sorted where `output` is compressed.
    output : Path
        VCF to write; compressed and indexed where its name ends in ``.gz``.
    table : Path, optional
        Table to write, a line for each allele.
    regions : Path, optional
        BED of places about which windows stay, each on its strand where the model reads one.
    threads : int
        Threads to use.

    Returns
    -------
    dict
        Alleles by what became of them.

    Raises
    ------
    InputError
        When files cannot be read or do not belong together: contigs, or reference alleles that differ.
    """
    torch.set_num_threads(threads)
    model, facts = open_model(checkpoint)
    with Reference(reference) as genome, ExitStack() as stack:
        places = None
        if regions is not None:
            asked = bed_regions(regions, genome, stranded=not model.both_strands)
            places = Places(asked, genome, model.length)
        elif not model.both_strands and model.along is None:
            model = model.of_each_strand()
        annotator = Annotator(model=model, reference=genome, places=places)
        records = _check(vcf, annotator, sorted_=output.suffix == ".gz")
        source = stack.enter_context(_opened(vcf))
        parents = (
            origin(checkpoint, facts),
            source_node(vcf, source.header),
            file_node(reference, "reference", genome.checksum, of="bases"),
            *([file_node(regions, "regions", sha256_file(regions))] if regions else []),
        )
        made = Node(kind="variant effects", name=output.name, step=this_step(), parents=parents)
        layout = Layout.of(model, placed=places is not None)
        declared = new_header(source.header, layout, made)
        handle = None
        if table:
            handle = stack.enter_context(open(stack.enter_context(atomic_path(table)), "w"))
        with atomic_path(output) as aside:
            mode = "wz" if output.suffix == ".gz" else "w"
            with pysam.VariantFile(str(aside), mode, header=declared) as target:
                if handle:
                    handle.write(table_head(layout))
                with progress(total=records, desc="scoring variants", unit="records") as bar:
                    for chunk in _chunks(source):
                        for record, scored in zip(chunk, annotator.score(map(_variant, chunk)), strict=True):
                            record.translate(target.header)
                            annotate(record, scored, layout)
                            target.write(record)
                            if handle:
                                handle.writelines(table_lines(record, scored, layout))
                        bar.update(len(chunk))
            if output.suffix == ".gz":
                _index(aside, output)
    return annotator.counts


def _largest(one: Scored) -> float:
    return float(abs(one.effect.change).max()) if one.effect else 0.0


def _check(vcf: Path, annotator: Annotator, *, sorted_: bool) -> int:
    """Check contigs, reference alleles and order of a whole file; give the number of its records."""
    genome = annotator.reference
    contigs: list[str] = []
    count, before = 0, ("", 0)
    with _opened(vcf) as source:
        for chunk in _chunks(source, 4096):
            for record in chunk:
                if record.contig != before[0]:
                    if sorted_ and record.contig in contigs:
                        raise _unsorted(vcf, record)
                    contigs.append(record.contig)
                elif sorted_ and record.start < before[1]:
                    raise _unsorted(vcf, record)
                before = (record.contig, record.start)
            annotator.names.update(synonyms(contigs, genome.contigs))
            variants = [_variant(record, annotator.names) for record in chunk]
            known = [one for one in variants if one.contig in genome.contigs]
            if known:
                check_reference(known, genome, name=str(vcf))
            count += len(chunk)
    check_names(
        vcf, [annotator.names.get(one, one) for one in contigs], genome.contigs, reference=genome.path
    )
    return count


def _variant(record: pysam.VariantRecord, names: dict[str, str] | None = None) -> Variant:
    alts = tuple(alt if alt.startswith("<") else alt.upper() for alt in record.alts or ())
    contig = (names or {}).get(record.contig, record.contig)
    return Variant(contig, record.start, (record.ref or "N").upper(), alts)


def _chunks(source: pysam.VariantFile, size: int = _CHUNK) -> Iterator[list[pysam.VariantRecord]]:
    """Give the records a few at a time; a file that ends early is told."""
    records = iter(source)
    try:
        while chunk := list(islice(records, size)):
            yield chunk
    except (OSError, ValueError) as error:
        name = source.filename.decode()
        raise InputError(f"{name}: cannot be read as VCF ({error}); wanted a whole VCF or BCF") from None


def _opened(vcf: Path) -> pysam.VariantFile:
    if not vcf.is_file():
        raise InputError(f"{vcf}: there is no such VCF file")
    verbosity = pysam.set_verbosity(0)
    try:
        return pysam.VariantFile(str(vcf))
    except (OSError, ValueError) as error:
        raise InputError(f"{vcf}: cannot be read as VCF ({error}); wanted a whole VCF or BCF") from None
    finally:
        pysam.set_verbosity(verbosity)


def _unsorted(vcf: Path, record: pysam.VariantRecord) -> InputError:
    return InputError(
        f"{vcf}: not sorted at {record.contig}:{record.pos}; a compressed VCF is indexed, so sort it with "
        "bcftools sort, or name an output without .gz"
    )


def _index(aside: Path, output: Path) -> None:
    """Index a compressed VCF before it takes its place."""
    index = Path(f"{aside}.tbi")
    try:
        pysam.tabix_index(str(aside), preset="vcf", force=True)
        os.replace(index, f"{output}.tbi")
    finally:
        index.unlink(missing_ok=True)
