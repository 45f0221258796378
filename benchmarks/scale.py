"""How long the workflow takes to plan a cohort: a dry run of many samples, contigs, experiments and seeds.

    python benchmarks/scale.py [--quick] [--json FILE]

The files of the plan are empty, since a dry run opens none of them. Seconds are wall time of one process, and
memory is the highest of it.
"""

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from harness import Claim, claim, main

ROOT = Path(__file__).parents[1]
CONTIGS = 25
GENOME_BASES = 3_100_000_000
LIMITS = {"seconds": 60, "memory": 1000, "jobs": 3000}


@dataclass(frozen=True)
class Cohort:
    """The size of a plan.

    Attributes
    ----------
    samples, experiments, seeds : int
        How many of each; contigs are always 25.
    batches : int
        Region batches, and so examples jobs, of a training sample.
    """

    samples: int = 500
    experiments: int = 10
    seeds: int = 3
    batches: int = 2

    @property
    def jobs(self) -> int:
        """Count the jobs by hand.

        A sample has its reads, its plan and its region batches, one where it is not in training. An
        experiment is composed once, each run is trained and scored, and its seeds are scored together.
        """
        held_out = 2 * (self.samples // 10)
        samples = 3 * held_out + (2 + self.batches) * (self.samples - held_out)
        runs = self.experiments * (2 + 2 * self.seeds)
        once = ("dataset", "scoring", "collect", "tracking", "compare", "default")
        return samples + runs + len(once)


@dataclass(frozen=True)
class DryRun:
    """What a dry run said and took: jobs, wall seconds, and the highest memory of its process in MB."""

    jobs: int
    seconds: float
    memory: float


def write_plan(folder: Path, cohort: Cohort) -> Path:
    """Write the configuration, sheets and empty files of a cohort into a folder; give the configuration."""
    contigs = [f"chr{number + 1}" for number in range(CONTIGS)]
    size = GENOME_BASES // CONTIGS
    (folder / "genome.fa").touch()
    (folder / "genome.fa.fai").write_text("".join(f"{name}\t{size}\t0\t60\t61\n" for name in contigs))
    names = [f"s{number:04d}" for number in range(cohort.samples)]
    for name in names:
        for kind in ("bam", "vcf.gz", "bed"):
            (folder / f"{name}.{kind}").touch()
    _write_sheet(
        folder / "samples.tsv",
        ["sample", "lane", "fastq_1", "fastq_2", "alignments", "truth", "confident", "condition"],
        [[name, "", "", "", f"{name}.bam", f"{name}.vcf.gz", f"{name}.bed", "wgs"] for name in names],
    )
    shutil.copytree(ROOT / "config" / "hydra", folder / "hydra")
    experiments = [f"e{number}" for number in range(cohort.experiments)]
    for name in experiments:
        shutil.copy(folder / "hydra/experiment/pileup_cnn.yaml", folder / f"hydra/experiment/{name}.yaml")
    runs = [[name, str(seed + 1)] for name in experiments for seed in range(cohort.seeds)]
    _write_sheet(folder / "experiments.tsv", ["experiment", "seed"], runs)
    tenth = len(names) // 10
    config = {
        "dataset": "cohort",
        "application": "small_variants",
        "reference": "genome.fa",
        "samples": "samples.tsv",
        "experiments": "experiments.tsv",
        "hydra": "hydra",
        "region_batch": -(-GENOME_BASES // cohort.batches),
        "splits": {
            "train": {"samples": names[2 * tenth :], "contigs": contigs[2:]},
            "validation": {"samples": names[:tenth], "contigs": contigs[:1]},
            "test": {"samples": names[tenth : 2 * tenth], "contigs": contigs[1:2]},
        },
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


def _write_sheet(path: Path, header: list[str], rows: list[list[str]]) -> None:
    path.write_text("".join("\t".join(row) + "\n" for row in [header, *rows]))


def dry_run(cohort: Cohort) -> DryRun:
    """Plan a cohort in a process of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        config = write_plan(folder, cohort)
        command = [
            sys.executable,
            "-m",
            "snakemake",
            "--snakefile",
            str(ROOT / "Snakefile"),
            "-n",
            "--quiet",
            "rules",
        ]
        command += ["--directory", place, "--configfile", str(config)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("MLFLOW_")}
        began = time.perf_counter()
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
        seconds = time.perf_counter() - began
    total = re.search(r"^total +(\d+)$", done.stdout + done.stderr, flags=re.M)
    if done.returncode or total is None:
        raise RuntimeError(f"the dry run ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    return DryRun(int(total[1]), seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def claims(*, quick: bool) -> list[Claim]:
    """Plan the cohort, a tenth of it if in a hurry."""
    cohort = Cohort(samples=50) if quick else Cohort()
    found = dry_run(cohort)
    runs = f"{cohort.experiments} experiments x {cohort.seeds} seeds"
    size = f"{cohort.samples} samples x {CONTIGS} contigs x {runs}"
    made = []
    for key, text, ours, unit in (
        ("seconds", "wall time of a dry run", found.seconds, "s"),
        ("memory", "peak memory of a dry run", found.memory, "MB"),
        ("jobs", "jobs of the plan", found.jobs, "jobs"),
    ):
        made.append(
            claim(
                f"scale_{key}",
                f"{text}, {size}",
                ours=ours,
                peer=LIMITS[key],
                peer_name="limit",
                goal=1,
                higher_is_better=False,
                unit=unit,
            )
        )
    return made


if __name__ == "__main__":
    main(claims)
