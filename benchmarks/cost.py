"""What a genome costs, reckoned from the figures; here, how many examples a megabase gives, and bytes."""

import tempfile
from pathlib import Path
from typing import Any

from harness import Claim, claim, main

GENOME_MB = 3_100
SAMPLES = 100
EPOCHS = 10
REAL = 3.0
"""How much dearer real reads are guessed to be than drawn ones: longer records and more candidates."""


def claims(*, quick: bool) -> list[Claim]:
    """Encode one megabase, a tenth of it if in a hurry, and look at what came out."""
    from examples import job_of
    from inputs import thirty_fold_bam

    from seqmill.applications.application import LabelReport
    from seqmill.applications.small_variants.examples import examples
    from seqmill.applications.small_variants.spec import encoding
    from seqmill.shards.parts import PartWriter

    job = job_of(thirty_fold_bam(1), 0, 100_000 if quick else None)
    bases = sum(interval.end - interval.start for interval in job.intervals)
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder) / "part.parquet"
        rows = 0
        with PartWriter(part, encoding(job.options), seed=1) as writer:
            for batch in examples(job, LabelReport()):
                writer.write(batch)
                rows += batch.num_rows
        size = part.stat().st_size
    facts = {"peer": None, "peer_name": "-", "goal": None, "note": "no peer: for the cost of a genome"}
    return [
        claim("cost_examples", "Examples per Mb at 30x", ours=rows / bases * 1e6, unit="examples", **facts),
        claim("cost_bytes", "Bytes of an example on disk", ours=size / rows, unit="bytes", **facts),
    ]


def markdown(results: dict[str, Any]) -> str:
    """Reckon what a genome and a training set of many samples cost, with all that is assumed."""
    wanted = ("growth_time", "growth_memory", "cost_examples", "cost_bytes", "step_pileup_cnn")
    found = {entry["key"]: entry["ours"] for entry in results["claims"] if entry["key"] in wanted}
    missing = [key for key in wanted if found.get(key) is None]
    if missing:
        return f"Not reckoned: {', '.join(missing)} not measured."
    hours = found["growth_time"] * GENOME_MB / 3600
    per_genome = found["cost_examples"] * GENOME_MB
    rows = per_genome * SAMPLES
    epoch = rows / found["step_pileup_cnn"] / 3600
    lines = [
        f"Reckoned from the table above: {found['growth_time']:.2f} s of CPU time per Mb, the dearest "
        f"of the sizes measured, {found['cost_examples']:,.0f} examples per Mb of "
        f"{found['cost_bytes']:,.0f} bytes, and {found['step_pileup_cnn']:,.0f} examples trained a "
        f"second on one core.",
        "",
        "| | reads as drawn here | guess for real reads |",
        "|---|---|---|",
        _row("a genome at 30x, BAM to compact examples", hours, "core-hours"),
        _row("its examples", per_genome / 1e6, "million"),
        f"| peak memory of a job | {found['growth_memory']:,.0f} MB | the same |",
        _row(f"{SAMPLES} samples, BAM to compact examples", hours * SAMPLES, "core-hours"),
        _row("their shards", rows * found["cost_bytes"] / 1e9, "GB"),
        _row("one epoch of pileup_cnn over them", epoch, "core-hours"),
        _row(f"{EPOCHS} epochs", epoch * EPOCHS, "core-hours"),
        "",
        f"Assumed: {GENOME_MB:,} Mb, all of them covered and as rich in variants as this megabase; "
        f"time and memory grow as measured from 1 to 8 Mb, since jobs are cut by region and share "
        f"nothing; reads are aligned already; every candidate is kept, as it is when calling, while a "
        f"training set would thin the reference ones (`train_reference_fraction`); cores scale, since "
        f"jobs do not speak to each other, and training stays on one. The guess for real reads "
        f"multiplies work by {REAL:g}: records are up to twice as long, and errors, clips and repeats "
        f"give several times the candidates. It is a guess until it is measured on a real genome.",
    ]
    return "\n".join(lines)


def _row(text: str, value: float, unit: str) -> str:
    return f"| {text} | {_rounded(value)} {unit} | {_rounded(value * REAL)} {unit} |"


def _rounded(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


if __name__ == "__main__":
    main(claims)
