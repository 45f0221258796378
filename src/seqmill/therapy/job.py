"""What is ranked, and what was found."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from seqmill.applications.profiled.percentiles import Better


@dataclass(frozen=True, kw_only=True)
class RankJob:
    """What is ranked, by which models.

    Attributes
    ----------
    models : tuple of Path
        Checkpoints, or folders of runs, of one experiment of drug response.
    manifest, output : Path
        Manifest of the dataset that they were trained on; folder to write to.
    profiles, molecules : Path, optional
        Tables or plans of new rows; the profiles of the test split and the molecules of training by default.
    intervals : Path, optional
        The ``conformal.json`` of the run or the ensemble.
    safety : tuple of Path
        Checkpoints, or folders of runs, of a model of molecules alone that says how toxic each is.
    safety_manifest : Path, optional
        Manifest of the dataset of those.
    safety_molecules : Path, optional
        The molecules in the layout of those; `molecules` by default.
    drugs : tuple of str
        Names of the molecules to rank; all by default.
    better : str
        Which responses are better: ``low`` for IC50 and AUC.
    explained : int
        Best drugs of each sample whose genes are told; 0 tells none.
    genes : int
        Genes told of each.
    threads : int
        Threads of torch.
    """

    models: tuple[Path, ...]
    manifest: Path
    output: Path
    profiles: Path | None = None
    molecules: Path | None = None
    intervals: Path | None = None
    safety: tuple[Path, ...] = ()
    safety_manifest: Path | None = None
    safety_molecules: Path | None = None
    drugs: tuple[str, ...] = ()
    better: Better = "low"
    explained: int = 3
    genes: int = 10
    threads: int = 1


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """What was found.

    Attributes
    ----------
    ranking : DataFrame
        A row for each pair, by sample and rank.
    samples : DataFrame
        A row for each sample: ``distance``, ``missing`` and ``in_domain``.
    genes, targets : DataFrame
        See `seqmill.therapy.genes`.
    molecules : DataFrame
        See `seqmill.therapy.screen`.
    metrics : list of dict
        How well the ranking does where responses were observed.
    facts : dict
        Numbers of models, cohort, samples and drugs, and what attribution misses.
    """

    ranking: pd.DataFrame
    samples: pd.DataFrame
    genes: pd.DataFrame
    targets: pd.DataFrame
    molecules: pd.DataFrame
    metrics: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
