"""Carry a plan out: reference, mask, and each sample's reads and truth."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from seqmill.genome.intervals import Regions, read_bed, write_bed
from seqmill.genome.reference import Reference
from seqmill.progress import progress
from seqmill.simulate.assembly import write_reference
from seqmill.simulate.mappability import mappability_mask
from seqmill.simulate.measure import measure_spectrum
from seqmill.simulate.modified import write_modified
from seqmill.simulate.plan import Plan
from seqmill.simulate.population import draw_sites, write_population
from seqmill.simulate.samples import draw_individuals, write_sample
from seqmill.simulate.spectrum import Spectrum


def simulate(plan: Plan, output: str | os.PathLike[str], *, threads: int = 1) -> None:
    """Write everything a plan asks for under `output`.

    ``reference.fa`` with its index, ``mask.bed``, and for each sample a folder with its reads,
    ``truth.vcf.gz`` (and index) and ``confident.bed``; where polymorphic sites are drawn, ``sites.tsv``, and
    where a trait is planned, ``persons.tsv``. A sample whose reads carry base modifications has
    ``reads.bam`` and ``levels.bed.gz`` instead; where all samples are such there is no mask. The same plan
    gives the same bytes for any number of threads.

    Parameters
    ----------
    plan : Plan
    output : path
        Made where it is missing.
    threads : int
        Samples worked on at the same time.
    """
    folder = Path(output)
    path = write_reference(plan, folder / "reference.fa")
    reference = Reference(path)
    plain = [sample for sample in plan.samples.values() if not sample.modified.marks]
    mask = _mask(plan, reference, threads) if plain else Regions(())
    if plain:
        write_bed(folder / "mask.bed", mask)
    spectrum = _spectrum(plan)
    shared = {
        name: draw_sites(name, reference, spectrum, count=contig.polymorphic, seed=plan.seed)
        for name, contig in plan.contigs.items()
        if contig.polymorphic
    }
    individuals = draw_individuals(plan, reference, spectrum, shared=shared)
    if shared:
        write_population(plan, shared, individuals, folder)

    def work(name: str) -> None:
        with Reference(path) as own:
            if plan.samples[name].modified.marks:
                write_modified(plan, name, reference=own, folder=folder / name)
                return
            write_sample(plan, name, reference=own, individuals=individuals, mask=mask, folder=folder / name)

    with (
        ThreadPoolExecutor(threads) as pool,
        progress(total=len(plan.samples), desc="samples", unit="sample") as bar,
    ):
        for _ in pool.map(work, plan.samples):
            bar.update(1)


def _mask(plan: Plan, reference: Reference, threads: int) -> Regions:
    return mappability_mask(
        reference,
        read_length=plan.reads.length,
        insert_size=round(plan.reads.insert_mean),
        every=plan.mask.every,
        lowest=plan.mask.lowest,
        threads=threads,
    )


def _spectrum(plan: Plan) -> Spectrum:
    source = plan.spectrum
    return measure_spectrum(source.vcf, read_bed(source.confident)) if source.vcf else Spectrum()
