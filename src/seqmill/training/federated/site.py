"""What a site gives before the first round: the weights that all begin with, and moments of its features."""

from pathlib import Path

import torch

from seqmill.applications.profiled.components import asked_of
from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest
from seqmill.training import checkpoint
from seqmill.training.config import RunConfig
from seqmill.training.data import training_rows
from seqmill.training.module import build_module, check_application, class_counts
from seqmill.training.seeding import seed_at
from seqmill.training.tables import fit_tables, training_columns

STATISTICS = "statistics."
"""Beginning of the names under which a checkpoint before the first round holds moments of features."""


def write_start(run: RunConfig, output: Path) -> int:
    """Write the checkpoint of a site before the first round; give its training rows.

    The weights are drawn from the seed, so that they are the same at all sites. For each block that is
    standardised it holds how many values there are, their means and variances, and the number of rows: what
    is needed to pool them, and no row.

    Parameters
    ----------
    run : RunConfig
        The configuration, with the site's dataset.
    output : Path
        The checkpoint to write.

    Raises
    ------
    InputError
        When the dataset belongs to another application, or asks for components.
    """
    manifest = Manifest.load(run.dataset.manifest, verify="digests")
    application = check_application(run, manifest)
    if asked_of(manifest.encoding.options) is not None:
        raise InputError(
            f"{manifest.path}: options.components found, none wanted where sites keep their rows: each site "
            "would make others, whose average means nothing; build the dataset without, or give components "
            "that were made of one set of people as a block of covariates"
        )
    fraction = run.trainer.train_fraction
    counts = class_counts(application, manifest, fraction)
    seed_at(run.seed)
    module = build_module(run, manifest.encoding, counts)
    fit_tables(module, manifest, fraction)
    facts = checkpoint.describe(
        run,
        manifest.encoding,
        label_counts=counts,
        dataset_digest=manifest.digest,
        run_id="",
        parents=[manifest.origin],
    )
    rows = training_rows(manifest, fraction)
    facts["train_examples"] = rows
    output.parent.mkdir(parents=True, exist_ok=True)
    checkpoint.save(output, module.state_dict() | _statistics(module, manifest, fraction), facts)
    return rows


def _statistics(module: torch.nn.Module, manifest: Manifest, fraction: float) -> dict[str, torch.Tensor]:
    if not manifest.tables:
        return {}
    examples = training_columns(manifest, fraction)
    told: dict[str, torch.Tensor] = {}
    for table, inputs in module.inputs.items():  # type: ignore[operator, union-attr]
        rows = examples[table.removesuffix("s")]
        for block, found in inputs.moments(rows[rows >= 0]).items():
            name = f"{STATISTICS}{table}.{block}."
            told[f"{name}rows"] = torch.tensor(float(found.rows), dtype=torch.float64)
            told |= {f"{name}{kind}": getattr(found, kind) for kind in ("count", "mean", "variance")}
    return told
