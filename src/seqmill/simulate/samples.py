"""One sample of a plan: its variants, its reads, its truth."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from seqmill.genome.intervals import Regions, read_bed, write_bed
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant
from seqmill.simulate.delivery import delivered
from seqmill.simulate.fastq import lane_paths, pair_writer
from seqmill.simulate.fragments import draw_fragments
from seqmill.simulate.haplotypes import build_haplotype
from seqmill.simulate.individuals import draw_from_sites, draw_from_spectrum
from seqmill.simulate.noise import error_model
from seqmill.simulate.plan import Plan
from seqmill.simulate.real import read_truth, split_mates
from seqmill.simulate.sequencing import Sequencer
from seqmill.simulate.sites import Site, read_sites
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream, stream_key
from seqmill.simulate.truth import confident_regions, write_truth

_BLOCK = 4096

Individuals = Mapping[tuple[str, str], list[Variant]]


def draw_individuals(
    plan: Plan,
    reference: Reference,
    spectrum: Spectrum,
    *,
    shared: Mapping[str, list[Site]] | None = None,
) -> Individuals:
    """Draw the variants of each individual on each contig it is sequenced on.

    Parameters
    ----------
    plan : Plan
    reference : Reference
    spectrum : Spectrum
    shared : mapping, optional
        Contig -> polymorphic sites that were drawn for it.

    Returns
    -------
    mapping of (individual, contig) to list of Variant
    """
    individuals: dict[tuple[str, str], list[Variant]] = {}
    sites: dict[str, list[Site]] = dict(shared or {})
    for name, sample in plan.samples.items():
        if sample.fastq or sample.modified.marks:
            continue
        who = sample.individual or name
        for contig in sample.contigs:
            if (who, contig) in individuals:
                continue
            rng = stream(plan.seed, "individual", who, contig)
            origin = plan.contigs[contig]
            if origin.sites or contig in sites:
                if contig not in sites:
                    sites[contig] = read_sites(
                        origin.sites, origin.sites_contig or contig, contig=contig, reference=reference
                    )
                individuals[who, contig] = draw_from_sites(contig, reference, sites[contig], rng)
            else:
                individuals[who, contig] = draw_from_spectrum(contig, reference, spectrum, rng)
    return individuals


def write_sample(
    plan: Plan, name: str, *, reference: Reference, individuals: Individuals, mask: Regions, folder: Path
) -> None:
    """Write a sample's FASTQ files, ``truth.vcf.gz`` and ``confident.bed`` into `folder`."""
    sample = plan.samples[name]
    order = [contig for contig in reference.contigs if contig in sample.contigs]
    if sample.fastq:
        split_mates(sample.fastq, *lane_paths(folder, 1)[0])
        variants = read_truth(sample.truth, order, reference)
        whole = Regions.whole({contig: reference.contigs[contig] for contig in order})
        confident = read_bed(sample.confident).intersect(whole) if sample.confident else whole
    else:
        who = sample.individual or name
        write_reads(plan, name, reference=reference, individuals=individuals, folder=folder)
        variants = [variant for contig in order for variant in individuals[who, contig]]
        confident = confident_regions(reference, order, mask)
    write_truth(folder / "truth.vcf.gz", variants, sample=name, contigs=reference.contigs)
    write_bed(folder / "confident.bed", confident)


def write_reads(
    plan: Plan, name: str, *, reference: Reference, individuals: Individuals, folder: Path
) -> None:
    """Draw a sample's read pairs and write them, spread over its lanes in blocks."""
    sample, size = plan.samples[name], plan.reads
    model = error_model(sample.error_model)
    with ExitStack() as stack:
        pairs = stack.enter_context(
            delivered(
                folder,
                sample=name,
                delivery=sample.delivery,
                lanes=sample.lanes,
                reference=reference.path,
            )
        )
        writing = stack.enter_context(ExitStack())
        lanes = [writing.enter_context(pair_writer(*paths)) for paths in pairs]
        for contig in sample.contigs:
            codes = reference.codes(contig, 0, reference.contigs[contig])
            variants = individuals[sample.individual or name, contig]
            haplotypes = build_haplotype(codes, variants, 0), build_haplotype(codes, variants, 1)
            fragments = draw_fragments(
                haplotypes,
                stream(plan.seed, "fragments", name, contig),
                depth=sample.depth,
                read_length=size.length,
                insert_mean=size.insert_mean,
                insert_sd=size.insert_sd,
                duplicate_rate=model.duplicate_rate,
            )
            key = stream_key(plan.seed, "reads", name, contig)
            sequencer = Sequencer(haplotypes, model, key=key, read_length=size.length)
            for block, first in enumerate(range(0, len(fragments), _BLOCK)):
                pairs = sequencer.read(fragments, first, min(first + _BLOCK, len(fragments)))
                lanes[block % len(lanes)].write(f"{name}.{contig}.", first, *pairs)
