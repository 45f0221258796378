"""What cohorts of genomes cost on a cluster: the workflow's jobs, with measured costs, laid out on its nodes.

    python benchmarks/cluster.py [--quick] [--json FILE]

Measures here what no other file does: aligning a megabase at 30x, and scoring examples. The other costs are
those of ``results.json``. ``table.py --document`` puts what follows from them into docs/scaling.md.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cost import GENOME_MB
from harness import Case, Claim, claim, main, measure
from schedule import Cluster, Job, schedule

GENOMES = (1, 10, 100, 500)
SITE = Cluster(nodes=16, cores=64, memory_gb=256)
EXPERIMENTS, SEEDS, EPOCHS = 2, 3, 10
HELD_OUT = 0.2
READS_CORES, READS_GB = 8, 16
BATCHES = 5  # examples jobs of a human genome, as `region_batch` has it left to itself
FASTQ_GB = 65.0  # 30x of a human genome, two gzipped files
BAM_GB = 45.0
START_S = 10.0  # from submission to the first line of our program: the scheduler, Snakemake, imports
WANTED = {
    "align": "cluster_align",
    "score": "cluster_score",
    "examples": "growth_time",
    "examples_mb": "growth_memory",
    "count": "cost_examples",
    "size": "cost_bytes",
    "collect": "shards.write",
    "train": "step_pileup_cnn",
}


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Measured costs of the stages, on one core.

    Attributes
    ----------
    align, examples : float
        Seconds for each Mb at 30x: FASTQ to marked BAM, BAM to examples.
    examples_mb : float
        Memory of an examples job, in MB.
    count, size : float
        Examples for each Mb, bytes of each.
    collect, train, score : float
        Examples a second: into shards, trained, scored.
    """

    align: float
    score: float
    examples: float
    examples_mb: float
    count: float
    size: float
    collect: float
    train: float


def costs_of(results: Mapping[str, Any]) -> Costs | list[str]:
    """Take the costs out of results, or name what is not there."""
    found = {entry["key"]: entry["ours"] for entry in results["claims"]}
    missing = [key for key in WANTED.values() if found.get(key) is None]
    return missing or Costs(**{name: found[key] for name, key in WANTED.items()})


def cohort_jobs(genomes: int, costs: Costs, *, ranks: int = 1) -> list[Job]:
    """Give the jobs of a cohort.

    Parameters
    ----------
    genomes : int
        Genomes at 30x, delivered as FASTQ.
    costs : Costs
        Of each stage.
    ranks : int
        Processes that share a training.
    """
    examples = costs.count * GENOME_MB
    held_out = max(1.0, HELD_OUT * genomes) if genomes > 1 else HELD_OUT
    train, test = examples * (genomes - held_out), examples * held_out
    jobs = []
    for _ in range(genomes):
        seconds = START_S + costs.align * GENOME_MB / READS_CORES
        jobs.append(Job(stage="reads", cores=READS_CORES, memory_gb=READS_GB, seconds=seconds))
    for sample in range(genomes):
        seconds = START_S + costs.examples * GENOME_MB / BATCHES
        memory = costs.examples_mb / 1000
        batch = Job(stage="examples", cores=1, memory_gb=memory, seconds=seconds, needs=(sample,))
        jobs += [batch] * BATCHES
    parts = tuple(range(genomes, len(jobs)))
    seconds = START_S + examples * genomes / costs.collect
    jobs.append(Job(stage="collect", cores=1, memory_gb=4, seconds=seconds, needs=parts))
    dataset = len(jobs) - 1
    for _ in range(EXPERIMENTS * SEEDS):
        seconds = START_S + train * EPOCHS / costs.train / ranks
        jobs.append(Job(stage="train", cores=ranks, memory_gb=4 * ranks, seconds=seconds, needs=(dataset,)))
        seconds = START_S + test / costs.score
        jobs.append(Job(stage="evaluate", cores=1, memory_gb=8, seconds=seconds, needs=(len(jobs) - 1,)))
    return jobs


def markdown(results: Mapping[str, Any]) -> str:
    """Give the table of cohorts, with all that is assumed."""
    costs = costs_of(results)
    if isinstance(costs, list):
        return f"Not reckoned: {', '.join(costs)} not measured."
    columns = [_column(genomes, costs) for genomes in GENOMES]
    lines = [
        f"Costs on one core, measured ([performance](performance.md)): {costs.align:.1f} s to align and "
        f"{costs.examples:.2f} s to encode a Mb at 30x, {costs.count:,.0f} examples of {costs.size:,.0f} "
        f"bytes in it; {costs.collect:,.0f} examples a second into shards, {costs.train:,.0f} trained, "
        f"{costs.score:,.0f} scored.",
        "",
        f"| genomes at 30x | {' | '.join(f'{genomes:,}' for genomes in GENOMES)} |",
        "|---" * (len(GENOMES) + 1) + "|",
        *[f"| {name} | {' | '.join(column[name] for column in columns)} |" for name in columns[0]],
        "",
        *_ASSUMED,
    ]
    return "\n".join(lines)


_ASSUMED = (
    "Assumed:",
    "",
    f"- {SITE.nodes} nodes of {SITE.cores} cores and {SITE.memory_gb:g} GB, all free, and a file system that "
    f"keeps up. A job begins {START_S:g} s after it could.",
    f"- Genomes of {GENOME_MB:,} Mb, as rich in variants as the megabase measured; FASTQ of {FASTQ_GB:g} GB, "
    f"kept as BAM of {BAM_GB:g} GB. {BATCHES} examples jobs a genome, as `region_batch` has it by default.",
    f"- {EXPERIMENTS} experiments x {SEEDS} seeds of `pileup_cnn`, {EPOCHS} epochs over all candidates of "
    f"{1 - HELD_OUT:.0%} of the genomes; the others are scored. Of one genome, that share of its contigs.",
    f"- Aligning on {READS_CORES} cores, and training on {SITE.cores} processes, as fast as the cores allow: "
    "neither was measured. The index of a megabase stays in the processor's cache and that of a genome does "
    "not, so aligning a genome is dearer than this.",
    "- Drawn reads; real ones cost several times as much to encode ([performance](performance.md)).",
)


def _column(genomes: int, costs: Costs) -> dict[str, str]:
    """Give the cells of one size of cohort."""
    jobs = cohort_jobs(genomes, costs)
    cells = {"jobs": f"{len(jobs):,}"}
    for stage in dict.fromkeys(job.stage for job in jobs):
        hours = sum(job.cores * job.seconds for job in jobs if job.stage == stage) / 3600
        cells[f"core-hours, {stage}"] = _figure(hours)
    shards = 2 * costs.count * GENOME_MB * costs.size / 1e9  # parts, and the shards made of them
    cells["disk, TB"] = _figure(genomes * (FASTQ_GB + BAM_GB + shards) / 1000)
    cells["memory of the largest job, GB"] = _figure(max(job.memory_gb for job in jobs))
    for ranks, text in ((1, "one core a training"), (SITE.cores, f"{SITE.cores} processes a training")):
        found = schedule(cohort_jobs(genomes, costs, ranks=ranks), SITE)
        cells[f"wall hours, {text}"] = _figure(found.wall / 3600)
        cells[f"first bottleneck, {text}"] = f"`{found.bottleneck}`"
    return cells


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


def claims(*, quick: bool) -> list[Claim]:
    """Align a megabase, a tenth of its reads if in a hurry, and score examples."""
    facts = {"peer": None, "peer_name": "-", "goal": None, "note": "no peer: for the cost of a cohort"}
    return [
        claim(
            "cluster_align",
            "CPU time to align a Mb at 30x, FASTQ to marked BAM, mappy",
            ours=_align(0.1 if quick else 1.0),
            unit="s",
            **facts,
        ),
        claim(
            "cluster_score",
            "Examples scored with pileup_cnn",
            ours=_score(quick=quick),
            unit="examples/s",
            **facts,
        ),
    ]


def _align(share: float) -> float:
    """Give the seconds for each Mb at 30x."""
    import pysam
    from inputs import CONTIG, SAMPLE, one_megabase

    from seqmill.genome.reference import Reference
    from seqmill.reads.stage import Lane, stage

    folder = one_megabase()
    reference = folder / "reference.fa"
    with Reference(reference) as genome:
        size = genome.contigs[CONTIG]
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        grouped, first, second = out / "grouped.bam", out / "1.fastq.gz", out / "2.fastq.gz"
        region = [f"{CONTIG}:1-{round(size * share)}"]
        pysam.view("-b", "-o", str(out / "some.bam"), str(folder / "s.bam"), *region, catch_stdout=False)
        pysam.collate("-o", str(grouped), str(out / "some.bam"), catch_stdout=False)
        pysam.fastq("-1", str(first), "-2", str(second), "-s", os.devnull, "-0", os.devnull, str(grouped))
        lanes = [Lane(first, second)]
        best = measure(
            [Case("align", lambda: stage(SAMPLE, lanes, reference, out / "aligned.bam", aligner="mappy"))],
            rounds=2,
        )
    return best["align"] / (size * share / 1e6)


def _score(*, quick: bool) -> float:
    """Give examples a second."""
    import torch
    from generated import ENCODING, dataset
    from step import COUNTS, run_of

    from seqmill.evaluation.predictions import Predictor, predict_split
    from seqmill.training.module import build_module

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        manifest = dataset(Path(name), train=256 if quick else 16_384, validation=64)
        predictor = Predictor(build_module(run_of("pileup_cnn", manifest.path), ENCODING, COUNTS), ENCODING)
        work = Case("score", lambda: predict_split(predictor, manifest, "train", threads=0))
        best = measure([work], rounds=3)
        return manifest.rows("train") / best["score"]


if __name__ == "__main__":
    main(claims)
