"""Reads of a person on the planted genome, and the variants that a trained model calls from them."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pysam

from seqmill.training.compose import compose
from seqmill.training.train import Places, train
from tests.applications.accessibility import planted

SAMPLES = {"ada": "c1", "bo": "c1", "dee": "c2", "eve": "c3"}
SPLITS = {
    "train": {"samples": ["ada", "bo"], "contigs": ["c1"]},
    "validation": {"samples": ["dee"], "contigs": ["c2"]},
    "test": {"samples": ["eve"], "contigs": ["c3"]},
}
_OTHER = {"A": "G", "G": "A", "C": "T", "T": "C"}
_HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=c3>\n"
    '##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
)


def write_sites(path: Path, genome: Path, motifs: np.ndarray) -> tuple[set[int], set[int]]:
    """Write sites that everybody carries on c3; give those inside a motif and those far from any, 0-based."""
    inside = {int(start) + 5 for start in motifs if 700 < start < 8200}
    far = {place + 285 for place in inside if np.abs(motifs - place - 285).min() > 60 and place < 8000}
    with pysam.FastaFile(str(genome)) as fasta:
        bases = fasta.fetch("c3")
    rows = (
        f"c3\t{at + 1}\t.\t{bases[at]}\t{_OTHER[bases[at]]}\t.\t.\tAF=1.0\n" for at in sorted(inside | far)
    )
    path.write_text(_HEAD + "".join(rows))
    return inside, far


def call_variants(
    folder: Path, genome: Path, *, hydra: Path, store: str, call: Callable[[list[str]], None]
) -> Path:
    """Go from a plan of generated reads to the VCF of eve, verb by verb.

    `call` runs the command line; the plan's ``sites.vcf`` lies in the folder.
    """
    contigs = [f"  {name}: {{fasta: {genome}, source: {name}" for name in planted.CONTIGS]
    contigs[-1] += f", sites: {folder / 'sites.vcf'}, sites_contig: c3"
    samples = [f"  {name}: {{contigs: [{own}], depth: 20, delivery: bam}}" for name, own in SAMPLES.items()]
    lines = ["seed: 3", "contigs:", *(f"{line}}}" for line in contigs), "samples:", *samples]
    (folder / "plan.yaml").write_text("\n".join(lines) + "\n")
    call(["simulate", str(folder / "plan.yaml"), "--output", str(folder)])
    plan = {
        "dataset": "calls",
        "application": "small_variants",
        "options": {},
        "seed": 1,
        "region_batch": 100_000,
        "reference": str(genome),
        "depths": {name: ["full"] for name in SAMPLES},
        "samples": {
            name: {
                "truth": str(folder / name / "truth.vcf.gz"),
                "confident": str(folder / name / "confident.bed"),
                "condition": "clean",
            }
            for name in SAMPLES
        },
        "splits": SPLITS,
        "evaluation": {"replicates": 20},
    }
    (folder / "plan.json").write_text(json.dumps(plan))
    given = ["--plan", str(folder / "plan.json")]
    for name in SAMPLES:
        bam, report = folder / f"{name}.bam", folder / f"{name}.report.json"
        reads = ["--alignments", str(folder / name / "reads.bam"), "--reference", str(genome)]
        call(["reads", "--sample", name, *reads, "--output", str(bam), "--report", str(report)])
        reads = ["--alignments", str(bam), "--read-report", str(report), "--batch", "0"]
        call(["examples", *given, "--sample", name, *reads, "--output", str(folder / f"{name}.parquet")])
    parts = [str(folder / f"{name}.parquet") for name in SAMPLES]
    reports = [str(folder / f"{name}.report.json") for name in SAMPLES]
    told = ["--part", *parts, "--read-report", *reports]
    call(["collect", *given, *told, "--output-dir", str(folder / "dataset")])
    manifest = folder / "dataset" / "manifest.json"
    settings = ["experiment=scalars", "trainer.epochs=20", "trainer.batch_size=32", "trainer.precision=fp32"]
    run = folder / "run"
    places = Places(output=run, state=folder / "state", store=store, store_experiment="toys")
    train(compose([*settings, f"dataset.manifest={manifest}", "seed=1"], hydra), places)
    call(["evaluate", "--run", str(run), "--manifest", str(manifest), *given])
    reads = ["--reads", str(folder / "eve.bam"), "--reference", str(genome)]
    call(["predict", "--model", str(run / "checkpoint.ckpt"), *reads, "--output", str(folder / "eve.vcf.gz")])
    return folder / "eve.vcf.gz"
