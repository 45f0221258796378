"""``seqmill reproduce``: train a run again and say whether it is the same."""

from pathlib import Path

import click


@click.command("reproduce")
@click.argument("run")
@click.option(
    "--tracking-uri",
    envvar="MLFLOW_TRACKING_URI",
    help="Store of the run; needed for an id [default for a folder: the one it was trained with].",
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the new run [default: reproduced/EXPERIMENT-seed-SEED-ID].",
)
@click.option(
    "--configfile",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Configuration of the workflow, to build a missing dataset [default: the one below config/ of it].",
)
@click.option("--anyway", is_flag=True, help="Train although reads, reference, labels or dataset changed.")
def command(
    run: str, tracking_uri: str | None, output_dir: Path | None, configfile: Path | None, anyway: bool
) -> int:
    """Train RUN again and say whether it is the same.

    RUN is the folder of a finished run, or its id in the tracking store. Code, packages, machine, inputs and
    dataset are compared with what the run recorded; every difference is named. When an input changed, nothing
    is trained. Else what is missing is built, the run is trained and scored anew in a fresh folder, tracked
    under the tag 'reproduces', and the verdict is one of: identical (weights and predictions), equal within
    the seed spread, different.

    \b
    Examples:
      seqmill reproduce results/demo/runs/pileup_cnn/seed-1
      seqmill reproduce 3f0c9a51d7e84b0b9d6a2f1c8e7b6a50 \\
        --tracking-uri sqlite:///results/demo/mlflow.db --output-dir again

    Exit code 0: identical, or equal within the seed spread. 1: different, or an input changed. 75: stopped
    with its state saved; the same command goes on from there.
    """  # noqa: D301
    from seqmill.lineage.reproduce import Request, reproduce

    done = reproduce(
        Request(run=run, uri=tracking_uri, output=output_dir, configfile=configfile, anyway=anyway)
    )
    if done.verdict is None:
        for finding in done.findings:
            if finding.stops:
                click.echo(f"changed      {finding.what}")
        click.echo("verdict: inputs changed; nothing was trained. Restore them, or train --anyway")
    else:
        click.echo(done.verdict.text(), nl=False)
    click.echo(f"wrote {done.folder}", err=True)
    return done.exit_code
