"""``seqmill examples``: one sample's reads over one batch of regions, encoded and labelled."""

from pathlib import Path

import click

_FILE = click.Path(path_type=Path)


@click.command("examples")
@click.option("--plan", type=_FILE, required=True, help="Dataset plan (JSON) that the workflow wrote.")
@click.option("--sample", required=True, help="Name of the sample in the plan.")
@click.option(
    "--batch", type=click.IntRange(min=0), required=True, help="Number of the region batch, from 0."
)
@click.option("--alignments", type=_FILE, required=True, help="Staged BAM or CRAM, indexed.")
@click.option("--read-report", type=_FILE, required=True, help="Read report (JSON) of the sample.")
@click.option("--output", type=_FILE, required=True, help="Part (Parquet) to write.")
def command(plan: Path, sample: str, batch: int, alignments: Path, read_report: Path, output: Path) -> None:
    """Encode and label one sample's reads over one batch of regions.

    \b
    Example:
      seqmill examples --plan results/demo/plans/examples.ada.json --sample ada --batch 0 \\
        --alignments results/demo/reads/ada.bam \\
        --read-report results/demo/reads/ada.report.json \\
        --output results/demo/examples/ada.0.parquet
    """  # noqa: D301
    import json
    from contextlib import ExitStack
    from dataclasses import replace

    from seqmill.applications.application import LabelReport, find_application, record_batches
    from seqmill.applications.jobs import PLAN_KEYS, encoding_on, job_from_plan, open_reference
    from seqmill.files import read_json
    from seqmill.lineage.data import part_of, told_by_report
    from seqmill.origin import KEY
    from seqmill.progress import progress
    from seqmill.reads.ready import ready_alignments
    from seqmill.shards.parts import PartWriter

    content = read_json(plan, *PLAN_KEYS)
    reads = read_json(read_report, "mean_depth")
    job = job_from_plan(content, sample=sample, batch=batch, alignments=alignments, read_report=reads)
    origin = part_of(
        sample=sample,
        batch=batch,
        plan=plan,
        alignments=told_by_report(reads, source=read_report),
        labels={**job.labels, **job.files},
    )
    metadata = {"sample": sample, KEY: json.dumps(origin.to_dict(), sort_keys=True)}
    application = find_application(content["application"])
    report = LabelReport()
    encrypted = content.get("privacy", {}).get("encrypted", False)
    with ExitStack() as opened:
        reference = opened.enter_context(open_reference(job.reference))
        encoding = encoding_on(application, job.options, reference)
        usable = opened.enter_context(ready_alignments(alignments, reference))
        writer = opened.enter_context(
            PartWriter(output, encoding, seed=job.seed, metadata=metadata, encrypted=encrypted)
        )
        with progress(desc=f"examples {sample} batch {batch}", unit="examples") as bar:
            for rows in record_batches(application, replace(job, alignments=usable), report):
                writer.write(rows)
                bar.update(rows.num_rows)
        writer.describe(counts=report.counts, classes=report.classes)
    click.echo(f"wrote {writer.rows:,} examples to {output}", err=True)
