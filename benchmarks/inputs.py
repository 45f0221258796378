"""Reads to measure on: 30x of real human sequence, drawn and aligned once, then laid side by side.

One megabase of chromosome 20 with its 1000 Genomes sites (``SEQMILL_DATA``; a random sequence where that is
missing) is read at 30x with binned qualities, as of a current sequencer, and aligned. Longer inputs repeat
this megabase and its reads, each copy under names of its own, so that every megabase is the same work and a
growing cost can only come from the program.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pysam

from seqmill.genome.reference import Reference
from seqmill.reads.stage import stage
from seqmill.simulate.build import simulate
from seqmill.simulate.plan import ContigPlan, Plan, SamplePlan

CACHE = Path(__file__).resolve().parent / ".cache"
CONTIG = "chr20"
SAMPLE = "s"
DEPTH = 30
SIZE = 1_000_000  # bases of the repeated piece, at most
_DATA = Path(os.environ.get("SEQMILL_DATA", "../shared/data")) / "variants" / "chr20_1mb_1000g"


@contextmanager
def built_once(path: Path) -> Iterator[Path | None]:
    """Yield a folder to fill where `path` is missing, else None; once filled it becomes `path`."""
    if path.is_dir():
        yield None
        return
    aside = path.with_name(f".{os.getpid()}.{path.name}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    yield aside
    if path.is_dir():
        shutil.rmtree(aside)
    else:
        aside.rename(path)


def one_megabase() -> Path:
    """Give the folder with ``reference.fa``, ``s.bam`` and the truth below ``s``."""
    real = (_DATA / "reference.fa.gz").is_file()
    folder = CACHE / ("chr20" if real else "random")
    with built_once(folder) as aside:
        if aside is not None:
            contig = ContigPlan(random=SIZE)
            if real:
                contig = ContigPlan(
                    fasta=str((_DATA / "reference.fa.gz").resolve()),
                    sites=str((_DATA / "sites.vcf.gz").resolve()),
                    sites_contig="z",
                )
            sample = SamplePlan(contigs=(CONTIG,), depth=DEPTH, error_model="binned", delivery="bam")
            simulate(Plan(seed=30, contigs={CONTIG: contig}, samples={SAMPLE: sample}), aside)
            stage(SAMPLE, aside / SAMPLE / "reads.bam", aside / "reference.fa", aside / "s.bam")
            if (aside / "s.bam").is_symlink():
                delivered = (aside / "s.bam").resolve()
                (aside / "s.bam").unlink()
                shutil.copyfile(delivered, aside / "s.bam")
                pysam.index(str(aside / "s.bam"))
    return folder


def thirty_fold_bam(megabases: int) -> Path:
    """Give an indexed BAM of so many megabases; its reference lies beside it, ``reference.fa``."""
    folder = CACHE / f"{one_megabase().name}-{megabases}"
    with built_once(folder) as aside:
        if aside is not None:
            source = one_megabase()
            with Reference(source / "reference.fa") as reference:
                size = reference.contigs[CONTIG]
                bases = reference.fetch(CONTIG, 0, size)
            (aside / "reference.fa").write_text(f">{CONTIG}\n" + bases * megabases + "\n")
            pysam.faidx(str(aside / "reference.fa"))
            _repeat(source / "s.bam", aside / "s.bam", size, megabases)
            pysam.index(str(aside / "s.bam"))
    return folder / "s.bam"


def _repeat(source: Path, target: Path, size: int, copies: int) -> None:
    with pysam.AlignmentFile(str(source)) as handle:
        header = handle.header.to_dict()
    header["SQ"] = [{"SN": CONTIG, "LN": size * copies}]
    with pysam.AlignmentFile(str(target), "wb", header=header) as out:
        for copy in range(copies):
            with pysam.AlignmentFile(str(source)) as handle:
                for read in handle.fetch(CONTIG):
                    read.query_name = f"{copy}:{read.query_name}"
                    read.reference_start += copy * size
                    if read.next_reference_id >= 0:
                        read.next_reference_start += copy * size
                    out.write(read)


if __name__ == "__main__":
    for wanted in (1, 2, 4, 8):
        print(thirty_fold_bam(wanted))
