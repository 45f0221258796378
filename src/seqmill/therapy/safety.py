"""How toxic the ranked molecules are, by a second model."""

import numpy as np

from seqmill.applications.profiled.percentiles import Floats
from seqmill.errors import InputError
from seqmill.evaluation.cohort import Cohort
from seqmill.evaluation.members import Members
from seqmill.profiles.given import given_table
from seqmill.profiles.table import Table
from seqmill.shards.manifest import Manifest
from seqmill.therapy.job import RankJob


def toxicity(job: RankJob, molecules: Table) -> dict[str, Floats] | None:
    """Give task -> toxicity of each molecule by each model, float64 [members, molecules], by sorted names.

    Parameters
    ----------
    job : RankJob
        Names models, dataset and molecules of the second model; without one there is nothing to say.
    molecules : Table
        The molecules that are ranked, in the layout of the model of response.

    Raises
    ------
    InputError
        When the models read something else than molecules, other features of them, or not all of them.
    """
    if not job.safety:
        return None
    if job.safety_manifest is None:
        raise InputError("--safety: a model, but no manifest of its dataset; give it with --safety-manifest")
    members = Members.open(job.safety)
    if set(members.encoding.tables) != {"molecules"}:
        raise InputError(
            f"{members.paths[0]}: reads {' and '.join(members.encoding.tables)}, want a model of molecules "
            "alone, such as of drug_safety"
        )
    cohort = Cohort.of(members, Manifest.load(job.safety_manifest, verify="digests"))
    path = job.safety_molecules or job.molecules
    wanted = cohort.tables["molecules"]
    table = given_table(path, wanted, name="molecules") if path else molecules
    if table.layout != {name: block.layout for name, block in wanted.blocks.items()}:
        raise InputError(
            f"{members.paths[0]}: reads other features of molecules than the model of response; give the "
            "molecules in its layout with --safety-molecules"
        )
    at = {name: row for row, name in enumerate(table.ids)}
    missing = [name for name in molecules.ids if name not in at]
    if missing:
        raise InputError(
            f"{path}: no molecule '{missing[0]}'"
            + (f" and {len(missing) - 1:,} more" if len(missing) > 1 else "")
            + ", which is ranked; give all of them"
        )
    rows = np.array([at[name] for name in sorted(molecules.ids)])
    members.hold({"molecules": table})
    return members.predict(np.full(len(rows), -1), rows)
