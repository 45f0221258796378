"""``seqmill collect``: the parts of all jobs become the shards of one dataset."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from seqmill.cli.several import SeveralCommand


@click.command("collect", cls=SeveralCommand)
@click.option(
    "--part",
    "parts",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Part that seqmill examples wrote; give all of the dataset, in any order.",
)
@click.option(
    "--plan",
    "plan_file",
    required=True,
    type=click.Path(path_type=Path),
    help="Dataset plan (JSON) that the workflow wrote.",
)
@click.option(
    "--read-report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read report of a sample; the digests of its input files go into the manifest.",
)
@click.option(
    "--output-dir",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of shards, manifest.json and labels.json.",
)
def command(parts: tuple[Path, ...], plan_file: Path, reports: tuple[Path, ...], output_dir: Path) -> None:
    """Gather parts into shards, a manifest and a label report.

    The same parts give the same bytes, whatever their order and however examples were divided among them.
    Nothing is written when labels are outside the limits of the plan.

    \b
    Example:
      seqmill collect --part results/demo/examples/*.parquet \\
        --plan results/demo/plans/dataset.json \\
        --read-report results/demo/reads/*.report.json --output-dir results/demo/dataset
    """  # noqa: D301
    from seqmill.applications.application import find_application
    from seqmill.applications.jobs import encoding_on, example_options, open_reference
    from seqmill.files import read_json
    from seqmill.lineage.data import dataset_of, reference_node, told_by_report
    from seqmill.shards.collect import collect
    from seqmill.shards.parts import read_header

    plan = read_json(plan_file, "application", "dataset", "options", "reference", "seed", "splits")
    _check_consent(plan, plan_file)
    application = find_application(plan["application"])
    options = example_options(application, plan["options"], source=plan_file)
    with open_reference(Path(plan["reference"])) as reference:
        checksum = reference.checksum
        encoding = encoding_on(application, options, reference)
    told = {path: read_json(path, "sample", "inputs") for path in reports}
    lineage = dataset_of(
        plan["dataset"],
        [(path, origin) for path in parts if (origin := read_header(path).lineage) is not None],
        reports=[told_by_report(report, source=path) for path, report in told.items()],
        labels={name: {**facts, **plan.get("files", {})} for name, facts in plan.get("samples", {}).items()},
        reference=reference_node(Path(plan["reference"]), checksum),
    )
    manifest = collect(
        parts,
        output_dir,
        dataset=plan["dataset"],
        encoding=encoding,
        splits=plan["splits"],
        seed=plan["seed"],
        inputs=_inputs(told.values()),
        reference={"path": plan["reference"], "checksum": checksum},
        limits=plan.get("limits"),
        context={key: plan[key] for key in ("depths", "privacy", "samples") if key in plan},
        lineage=lineage,
        tables=getattr(reference, "files", {}),
        encrypted=plan.get("privacy", {}).get("encrypted", False),
        **{key: plan[key] for key in ("rows_per_group", "rows_per_shard") if key in plan},
    )
    for split in manifest.splits:
        counts = ", ".join(f"{value}: {rows:,}" for value, rows in manifest.label_counts(split).items())
        click.echo(f"{split}: {manifest.rows(split):,} examples" + (f" ({counts})" if counts else ""))
    click.echo(f"wrote {manifest.path} ({len(manifest.shards)} shards, digest {manifest.digest[:16]})")


def _check_consent(plan: Mapping[str, Any], source: Path) -> None:
    """Refuse samples whose consent class does not allow their splits and the uses of the dataset."""
    from seqmill.errors import ConfigErrors
    from seqmill.privacy.consent import consent_problems, planned_uses

    section = plan.get("privacy", {})
    if "consent" in section:
        classes = {name: facts.get("consent") for name, facts in plan["samples"].items()}
        planned = planned_uses(
            {split: one["samples"] for split, one in plan["splits"].items()}, section.get("uses", ())
        )
        problems = consent_problems(classes, section["consent"], planned)
        if problems:
            raise ConfigErrors(str(source), problems)


def _inputs(reports: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the digests of the input files by sample, as the read reports tell them."""
    return {
        report["sample"]: [{"name": one["name"], "sha256": one["sha256"]} for one in report["inputs"]]
        for report in reports
    }
