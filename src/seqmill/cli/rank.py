"""``seqmill rank``: drugs ranked for new profiles, with what stands behind the ranking."""

from pathlib import Path
from typing import Literal

import click

from seqmill.cli.checkpoints import checkpoint_of
from seqmill.cli.several import SeveralCommand

_PATH = click.Path(path_type=Path)


@click.command("rank", cls=SeveralCommand)
@click.option(
    "--model",
    "models",
    multiple=True,
    required=True,
    help="Checkpoint, folder of a run, or models:/NAME@champion; the option takes several seeds.",
)
@click.option("--manifest", type=_PATH, required=True, help="Manifest of the dataset it was trained on.")
@click.option(
    "--profiles", type=_PATH, help="New profiles: table or plan; those of the test split unless given."
)
@click.option(
    "--molecules", type=_PATH, help="Library of molecules: table or plan; those of training unless given."
)
@click.option("--drug", "drugs", multiple=True, help="Molecule to rank; all by default. Takes several.")
@click.option(
    "--intervals", type=_PATH, help="conformal.json of the ensemble; that of a single run by default."
)
@click.option(
    "--safety", multiple=True, type=_PATH, help="Model of toxicity of molecules; takes several seeds."
)
@click.option("--safety-manifest", type=_PATH, help="Manifest of the dataset of --safety.")
@click.option(
    "--safety-molecules", type=_PATH, help="The molecules as --safety reads them; --molecules by default."
)
@click.option(
    "--better",
    type=click.Choice(["low", "high"]),
    default="low",
    show_default=True,
    help="Which responses are the wanted ones; low for IC50 and AUC.",
)
@click.option(
    "--explained",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Best drugs of each sample whose genes are told.",
)
@click.option(
    "--genes", type=click.IntRange(min=1), default=10, show_default=True, help="Genes told of each."
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Folder to write to.",
)
@click.option("--tracking-uri", help="Tracking store of a models:/ address; MLFLOW_TRACKING_URI by default.")
@click.option("--threads", type=click.IntRange(min=1), default=1, show_default=True, help="Threads to use.")
def command(
    models: tuple[str, ...],
    manifest: Path,
    profiles: Path | None,
    molecules: Path | None,
    drugs: tuple[str, ...],
    intervals: Path | None,
    safety: tuple[Path, ...],
    safety_manifest: Path | None,
    safety_molecules: Path | None,
    better: Literal["low", "high"],
    explained: int,
    genes: int,
    output_dir: Path,
    tracking_uri: str | None,
    threads: int,
) -> None:
    """Rank drugs for new profiles by predicted response, in percentiles within each drug.

    A raw IC50 would rank potent drugs first for everyone. Research use only: no medical advice.

    \b
    Example:
      seqmill rank --model results/tgsa_cells/runs/drug_response/seed-* \\
        --manifest results/tgsa_cells/dataset/manifest.json \\
        --intervals results/tgsa_cells/ensembles/drug_response/conformal.json \\
        --profiles patients.yaml --output-dir results/patients
    """  # noqa: D301
    from seqmill.therapy.job import RankJob
    from seqmill.therapy.rank import rank

    found = rank(
        RankJob(
            models=tuple(checkpoint_of(model, uri=tracking_uri) for model in models),
            manifest=manifest,
            output=output_dir,
            profiles=profiles,
            molecules=molecules,
            intervals=intervals,
            safety=safety,
            safety_manifest=safety_manifest,
            safety_molecules=safety_molecules,
            drugs=drugs,
            better=better,
            explained=explained,
            genes=genes,
            threads=threads,
        )
    )
    for row in found.metrics:
        click.echo(f"{row['metric']:52s} {row['value']:.3f}  [{row['low']:.3f}, {row['high']:.3f}]", err=True)
    click.echo(f"wrote {output_dir / 'rank.html'}", err=True)
