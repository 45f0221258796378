"""Predict new rows of profiles and molecules, with spread, intervals and domain, as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from seqmill.errors import InputError, nearest
from seqmill.evaluation.cohort import Cohort, subset
from seqmill.evaluation.conformal import Radius
from seqmill.evaluation.coverage import CONFORMAL, read_radii
from seqmill.evaluation.members import Floats, Members, spread
from seqmill.files import atomic_path
from seqmill.profiles.domain import Judged
from seqmill.profiles.given import given_table
from seqmill.profiles.notice import NOTICE
from seqmill.profiles.table import Table
from seqmill.shards.manifest import Manifest

TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is predicted: tables of new rows in the layout of the training ones, and how they were judged.

    Attributes
    ----------
    tables : dict
        Name -> table.
    judged : dict
        Name -> whether its rows are in the domain.
    """

    tables: dict[str, Table]
    judged: dict[str, Judged]

    @property
    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """Rows of profiles and molecules of every pair, profile by profile; -1 where there is no table."""
        rows = [
            np.arange(len(self.tables[name].ids)) if name in self.tables else np.array([-1])
            for name in ("profiles", "molecules")
        ]
        profile, molecule = np.meshgrid(*rows, indexing="ij")
        return profile.ravel(), molecule.ravel()


def ask(
    cohort: Cohort,
    members: Members,
    *,
    profiles: Path | None = None,
    molecules: Path | None = None,
    chosen: Sequence[str] = (),
) -> Asked:
    """Bring what is to be predicted into the layout of the training tables.

    Parameters
    ----------
    cohort, members
        What was learnt from, and the models.
    profiles, molecules : Path, optional
        Tables or plans of new rows; by default the profiles of the test split, and the molecules that
        training rows point at.
    chosen : sequence of str
        Names of the molecules to predict; all by default.

    Raises
    ------
    InputError
        As `seqmill.profiles.given.given_table` does, and when there is no such molecule.
    """
    tables, judged = {}, {}
    for name, path in (("profiles", profiles), ("molecules", molecules)):
        if name not in members.encoding.tables:
            if path is not None:
                raise InputError(f"{path}: {members.paths[0]} reads no {name}; leave them out")
            continue
        if path is not None:
            table = given_table(path, cohort.tables[name], name=name)
        elif name == "profiles":
            test = cohort.rows(TEST)["profile"].to_numpy()
            table = subset(cohort.tables[name], np.unique(test[test >= 0]))
        else:
            table = subset(cohort.tables[name], cohort.learnt(name))
        tables[name] = table
    if chosen and "molecules" in tables:
        tables["molecules"] = _chosen(tables["molecules"], chosen)
    for name, table in tables.items():
        judged[name] = cohort.domain(name).judge(table)
    return Asked(tables=tables, judged=judged)


def predict_table(
    asked: Asked, said: Mapping[str, Floats], radii: Mapping[str, Mapping[str, Radius]]
) -> pd.DataFrame:
    """Tell what was predicted of every pair.

    Parameters
    ----------
    asked : Asked
        What is predicted.
    said : mapping
        Output -> float64 [members, n] of its pairs, as `Members.predict` gives it.
    radii : mapping
        How wide intervals are; see `radii_of`.

    Returns
    -------
    DataFrame
        A row for each pair and output: ``sample`` and ``molecule`` as far as there are such tables,
        ``target``, ``prediction``, ``sd`` over the models (nan for a single one), ``low`` and ``high``, and
        ``interval_basis`` where numbers were calibrated (nan and empty elsewhere), ``in_domain``, and
        ``molecule_in_domain`` where there are molecules.
    """
    profile, molecule = asked.pairs
    columns: dict[str, object] = {}
    for name, rows, column in (("profiles", profile, "sample"), ("molecules", molecule, "molecule")):
        if name in asked.tables:
            columns[column] = np.array(asked.tables[name].ids, object)[rows]
    parts = []
    for target, values in said.items():
        told = pd.DataFrame(columns).assign(target=target, prediction=values.mean(0), sd=spread(values))
        told = told.assign(**_interval(told, radii.get(target, {})))
        if "profiles" in asked.judged:
            told["in_domain"] = asked.judged["profiles"].inside[profile]
        if "molecules" in asked.judged:
            told["molecule_in_domain"] = asked.judged["molecules"].inside[molecule]
        parts.append(told)
    return pd.concat(parts, ignore_index=True)


def predict_rows(
    models: Sequence[Path],
    *,
    manifest: Path,
    output: Path,
    profiles: Path | None = None,
    molecules: Path | None = None,
    intervals: Path | None = None,
) -> pd.DataFrame:
    """Predict a table of new profiles, molecules or both, and write it as tab-separated text.

    Parameters
    ----------
    models : sequence of Path
        Checkpoints, or folders of runs, of one experiment.
    manifest, output : Path
        Manifest of the dataset that they were trained on; file to write.
    profiles, molecules : Path, optional
        See `ask`.
    intervals : Path, optional
        The ``conformal.json`` of the run or the ensemble; see `radii_of`.

    Raises
    ------
    InputError
        When models, dataset and tables do not belong together.
    """
    members = Members.open(models)
    cohort = Cohort.of(members, Manifest.load(manifest, verify="digests"))
    asked = ask(cohort, members, profiles=profiles, molecules=molecules)
    members.hold(asked.tables)
    told = predict_table(asked, members.predict(*asked.pairs), radii_of(members, intervals))
    write_tsv(output, told)
    return told


def radii_of(members: Members, given: Path | None) -> dict[str, dict[str, Radius]]:
    """Read how wide intervals are: from the file given, or for a single run from that beside its checkpoint.

    Without either there are no intervals.

    Raises
    ------
    InputError
        When the file given is missing, or belongs to another encoding.
    """
    if given is None:
        beside = members.paths[0].with_name(CONFORMAL)
        if len(members.paths) > 1 or not beside.is_file():
            return {}
        given = beside
    return read_radii(given, encoding=members.encoding.digest)


def write_tsv(path: Path, table: pd.DataFrame) -> None:
    """Write a table about patients as tab-separated text below a comment, `NOTICE`, atomically."""
    with atomic_path(path) as aside, open(aside, "w") as handle:
        handle.write(f"# {NOTICE}\n")
        table.to_csv(handle, sep="\t", index=False, float_format="%.6g")


def _chosen(table: Table, names: Sequence[str]) -> Table:
    unknown = [name for name in names if name not in table.ids]
    if unknown:
        told = "; ".join(f"'{name}'{nearest(name, table.ids)}" for name in unknown)
        raise InputError(f"molecules: none is called {told}; choose among those of the table")
    return subset(table, np.array([table.ids.index(name) for name in names]))


def _interval(told: pd.DataFrame, radii: Mapping[str, Radius]) -> dict[str, object]:
    if not radii:
        return {"low": np.nan, "high": np.nan, "interval_basis": ""}
    own = radii.get("by_molecule") if "molecule" in told else None
    groups = told["molecule"].tolist() if own else [""] * len(told)
    radius = own or radii["split"]
    around = radius.of(groups)
    return {
        "low": told["prediction"] - around,
        "high": told["prediction"] + around,
        "interval_basis": radius.basis(groups, "molecule"),
    }
