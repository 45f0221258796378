"""From a BAM to compact examples, beside what only counts reads and what only makes pileups.

python benchmarks/examples.py [--quick] [--json FILE]
"""

import shutil
import subprocess
from pathlib import Path

import pysam
from harness import Case, Claim, claim, main, measure
from inputs import CONTIG, DEPTH, SAMPLE, thirty_fold_bam

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.spec import Options
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference

WHAT = "BAM -> candidates -> compact examples"
LOOP = 20_000  # bases that the pysam loop walks


def job_of(bam: Path, start: int = 0, end: int | None = None) -> ExamplesJob:
    """Describe the examples of a stretch of a BAM from `inputs`, without a truth."""
    with Reference(bam.with_name("reference.fa")) as reference:
        size = reference.contigs[CONTIG]
    return ExamplesJob(
        sample=SAMPLE,
        alignments=bam,
        reference=bam.with_name("reference.fa"),
        intervals=(Interval(CONTIG, start, size if end is None else end),),
        splits=None,
        mean_depth=DEPTH,
        options=Options(),
    )


def ours(job: ExamplesJob) -> int:
    """Encode every candidate; give their number."""
    return sum(batch.num_rows for batch in examples(job, LabelReport()))


def pileup_loop(bam: Path, start: int, end: int) -> int:
    """Count bases as tutorials do: a Python loop over pysam's pileup."""
    counts: dict[tuple[int, str], int] = {}
    with pysam.AlignmentFile(str(bam)) as handle:
        for column in handle.pileup(CONTIG, start, end, truncate=True):
            for read in column.pileups:
                if read.query_position is not None:
                    key = (column.reference_pos, read.alignment.query_sequence[read.query_position])
                    counts[key] = counts.get(key, 0) + 1
    return len(counts)


def claims(*, quick: bool) -> list[Claim]:
    """Measure all in CPU time, child processes included; rates are reads of the file a second."""
    bam = thirty_fold_bam(1)
    with pysam.AlignmentFile(str(bam)) as handle:
        reads = handle.count(CONTIG)
        size = handle.get_reference_length(CONTIG)
        looped = handle.count(CONTIG, size // 2, size // 2 + LOOP)
    job = job_of(bam)
    cases = [
        Case("seqmill", lambda: ours(job)),
        Case("loop", lambda: pileup_loop(bam, size // 2, size // 2 + LOOP)),
    ]
    if shutil.which("samtools"):
        count = ["samtools", "view", "-c", str(bam)]
        pile = ["samtools", "mpileup", "-B", "-f", str(job.reference), "-o", "/dev/null", str(bam)]
        cases += [
            Case(name, lambda command=command: subprocess.run(command, check=True, capture_output=True))
            for name, command in (("view", count), ("mpileup", pile))
        ]
    ours(job)
    best = measure(cases, rounds=3 if quick else 7)
    rates = {name: reads / best[name] if name in best else None for name in ("seqmill", "view", "mpileup")}
    against = (
        ("view", "samtools view -c", 0.3),
        ("mpileup", "samtools mpileup -B", 3.0),
    )
    made = [
        claim(
            f"examples_{name}",
            WHAT,
            ours=rates["seqmill"],
            peer=rates[name],
            peer_name=peer,
            goal=goal,
            unit="reads/s",
        )
        for name, peer, goal in against
    ]
    made.append(
        claim(
            "examples_pysam",
            WHAT,
            ours=rates["seqmill"],
            peer=looped / best["loop"],
            peer_name="pysam pileup loop",
            goal=50,
            unit="reads/s",
            note=f"the loop over {LOOP // 1000} kb",
        )
    )
    return made


if __name__ == "__main__":
    main(claims)
