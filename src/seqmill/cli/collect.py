"""``seqmill collect``: the parts of all jobs become the shards of one dataset."""

from collections.abc import Mapping, Sequence
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
    help="Part written by seqmill examples; give all of the dataset.",
)
@click.option(
    "--config",
    "plan_file",
    required=True,
    type=click.Path(path_type=Path),
    help="Plan of the dataset (JSON).",
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
    """
    from seqmill.applications.application import find_application
    from seqmill.errors import ConfigErrors
    from seqmill.genome.reference import Reference
    from seqmill.shards.collect import collect
    from seqmill.training.build import build

    plan = _read(plan_file)
    application = find_application(_key(plan, "application", plan_file))
    problems: list[str] = []
    options = build(application.options, _key(plan, "options", plan_file), path="options", problems=problems)
    if problems:
        raise ConfigErrors(str(plan_file), problems)
    with Reference(_key(plan, "reference", plan_file)) as reference:
        checksum = reference.checksum
    manifest = collect(
        parts,
        output_dir,
        dataset=_key(plan, "dataset", plan_file),
        encoding=application.encoding(options),
        splits=_key(plan, "splits", plan_file),
        seed=_key(plan, "seed", plan_file),
        inputs=_inputs(reports),
        reference={"path": plan["reference"], "checksum": checksum},
        limits=plan.get("limits"),
        context={key: plan[key] for key in ("depths", "samples") if key in plan},
        **{key: plan[key] for key in ("rows_per_group", "rows_per_shard") if key in plan},
    )
    for split in manifest.splits:
        counts = ", ".join(f"{value}: {rows:,}" for value, rows in manifest.label_counts(split).items())
        click.echo(f"{split}: {manifest.rows(split):,} examples" + (f" ({counts})" if counts else ""))
    click.echo(f"wrote {manifest.path} ({len(manifest.shards)} shards, digest {manifest.digest[:16]})")


def _read(path: Path) -> Mapping[str, Any]:
    from seqmill.errors import InputError
    from seqmill.files import read_json

    try:
        return read_json(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: a JSON file wanted, but it cannot be read ({error})") from error


def _key(content: Mapping[str, Any], key: str, path: Path) -> Any:
    from seqmill.errors import InputError

    if key not in content:
        raise InputError(f"{path}: key '{key}' is missing; write the file again with the workflow")
    return content[key]


def _inputs(reports: Sequence[Path]) -> dict[str, Any]:
    """Give the digests of the input files by sample, as the read reports tell them."""
    found = {}
    for path in reports:
        report = _read(path)
        found[_key(report, "sample", path)] = [
            {"name": _key(one, "name", path), "sha256": _key(one, "sha256", path)}
            for one in _key(report, "inputs", path)
        ]
    return found
