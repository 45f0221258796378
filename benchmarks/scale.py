"""How long a dry run of a large plan takes: 500 samples, 25 contigs, 10 experiments with 3 seeds each.

The sheets are written out; reads and labels are empty files, since a dry run only looks for them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from harness import Claim, claim, main

ROOT = Path(__file__).resolve().parents[1]
GRCH38_MB = (
    *(248, 242, 198, 190, 182, 171, 159, 145, 138, 134, 135, 133, 114, 107, 102, 90, 83, 80, 59, 64, 47, 51),
    *(156, 57, 1),
)
"""Lengths of chromosomes 1 to 22, X, Y and, rounded up, M (GRCh38, rounded to megabases)."""

SEEDS = 3
LIMITS = {"seconds": 60, "megabytes": 1000, "jobs": 5000}


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What a dry run planned and used.

    Attributes
    ----------
    jobs : dict
        Rule -> number of jobs.
    seconds : float
        Wall time of the whole command.
    cpu_seconds : float
        Time on a processor.
    megabytes : float
        Peak memory.
    """

    jobs: dict[str, int]
    seconds: float
    cpu_seconds: float
    megabytes: float


def write_plan(folder: Path, *, samples: int, contigs: int, experiments: int) -> None:
    """Write configuration, sheets and empty input; all splits have all samples, so each uses all contigs."""
    names = [f"s{number:04d}" for number in range(samples)]
    lengths = {f"chr{number + 1}": GRCH38_MB[number] * 1_000_000 for number in range(contigs)}
    (folder / "raw").mkdir()
    (folder / "raw" / "reference.fa").touch()
    index = "".join(f"{name}\t{length}\t0\t60\t61\n" for name, length in lengths.items())
    (folder / "raw" / "reference.fa.fai").write_text(index)
    rows = ["sample\tlane\tfastq_1\tfastq_2\talignments\ttruth\tconfident\tcondition"]
    for name in names:
        files = [
            f"raw/{name}.{end}" for end in ("R1.fastq.gz", "R2.fastq.gz", "truth.vcf.gz", "confident.bed")
        ]
        for path in files:
            (folder / path).touch()
        rows.append("\t".join([name, "", *files[:2], "", *files[2:], "clean"]))
    (folder / "samples.tsv").write_text("\n".join(rows) + "\n")
    shutil.copytree(ROOT / "config" / "hydra", folder / "hydra")
    runs = ["experiment\tseed"]
    for number in range(experiments):
        name = f"net{number:02d}"
        shutil.copy(
            folder / "hydra" / "experiment" / "pileup_cnn.yaml", folder / f"hydra/experiment/{name}.yaml"
        )
        runs += [f"{name}\t{seed}" for seed in range(1, SEEDS + 1)]
    (folder / "experiments.tsv").write_text("\n".join(runs) + "\n")
    cuts = {"train": list(lengths)[:-2], "validation": list(lengths)[-2:-1], "test": list(lengths)[-1:]}
    splits = "".join(
        f"  {split}: {{ samples: [{', '.join(names)}], contigs: [{', '.join(held)}] }}\n"
        for split, held in cuts.items()
    )
    (folder / "config.yaml").write_text(
        "dataset: large\napplication: small_variants\nreference: raw/reference.fa\nsamples: samples.tsv\n"
        f"experiments: experiments.tsv\nhydra: hydra\nbaselines: [bcftools]\nsplits:\n{splits}"
    )


def dry_run(folder: Path, *, profile: str = "slurm") -> DryRun:
    """Let Snakemake plan everything, with a shipped profile, and count."""
    command = [sys.executable, "-m", "snakemake", "-n", "--quiet", "rules", "--cores", "64"]
    command += ["--snakefile", str(ROOT / "Snakefile"), "--configfile", "config.yaml"]
    command += ["--workflow-profile", str(ROOT / "profiles" / profile)]
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        text = said.read()
    if running.returncode:
        raise AssertionError(f"the dry run ended with code {running.returncode}\n{text[-2000:]}")
    counts = dict(re.findall(r"^(\w+) +(\d+)$", text, flags=re.M))
    counts.pop("total")
    return DryRun(
        jobs={rule: int(count) for rule, count in counts.items()},
        seconds=seconds,
        cpu_seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
    )


def claims(*, quick: bool) -> list[Claim]:
    """Plan 500 samples, or 20 if in a hurry."""
    samples, contigs, experiments = (20, 5, 2) if quick else (500, len(GRCH38_MB), 10)
    with tempfile.TemporaryDirectory() as folder:
        write_plan(Path(folder), samples=samples, contigs=contigs, experiments=experiments)
        found = dry_run(Path(folder))
    text = f"dry run of {samples} samples, {contigs} contigs, {experiments} experiments x {SEEDS} seeds"
    note = ", ".join(f"{count} {rule}" for rule, count in found.jobs.items())
    figures = {
        "seconds": (found.seconds, "s", f"of it {found.cpu_seconds:.3g} s on a processor"),
        "megabytes": (found.megabytes, "MB", "peak"),
        "jobs": (float(sum(found.jobs.values())), "jobs", note),
    }
    return [
        claim(
            f"scale_{key}",
            text,
            ours=value,
            peer=LIMITS[key],
            peer_name="limit",
            goal=1.0,
            unit=unit,
            higher_is_better=False,
            note=said,
        )
        for key, (value, unit, said) in figures.items()
    ]


if __name__ == "__main__":
    main(claims)
