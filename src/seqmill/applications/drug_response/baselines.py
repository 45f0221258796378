"""Baselines that need no network: means of drugs and cell lines, and a line through all features."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.drug_response.each_drug import fit_each_drug
from seqmill.applications.drug_response.evaluate import ResponseScorer
from seqmill.applications.drug_response.pairs import Pairs, fit_pair_ridge
from seqmill.applications.drug_response.spec import LABEL
from seqmill.applications.profiled.design import side
from seqmill.applications.scoring import ScoreJob
from seqmill.profiles.table import read_table

ROUNDS = 50
"""Rounds of backfitting of the additive baseline; each sees both sides."""

Floats = npt.NDArray[np.float64]


def drug_mean(job: ScoreJob) -> ResponseScorer:
    """Predict the mean of the drug's training responses; of an unseen drug the mean of all."""
    return _mean(job, "molecule_id")


def cell_mean(job: ScoreJob) -> ResponseScorer:
    """Predict the mean of the cell line's training responses; of an unseen one the mean of all."""
    return _mean(job, "profile_id")


def additive(job: ScoreJob) -> ResponseScorer:
    """Predict mean + effect of the cell line + effect of the drug, by least squares; 0 for unseen ones."""
    learnt, _ = job.read("train", ())
    mean = float(learnt[LABEL].astype(np.float64).mean())
    effects = {name: pd.Series(dtype=np.float64) for name in ("profile_id", "molecule_id")}
    for _ in range(ROUNDS):
        for name, other in (("molecule_id", "profile_id"), ("profile_id", "molecule_id")):
            rest = learnt[LABEL] - mean - learnt[other].map(effects[other]).fillna(0.0).astype(np.float64)
            effects[name] = rest.groupby(learnt[name]).mean()
    told = [job.examples[name].map(own).fillna(0.0).astype(np.float64) for name, own in effects.items()]
    return ResponseScorer(job, mean + sum(one.to_numpy() for one in told))


def ridge(job: ScoreJob) -> ResponseScorer:
    """Predict by ridge regression on the features of profile and molecule side by side."""
    tables = {name: side(read_table(path)) for name, path in job.tables.items()}
    learnt, held_out = (_pairs(job.read(split, ())[0]) for split in ("train", "validation"))
    model = fit_pair_ridge(tables["profiles"], tables["molecules"], learnt, held_out)
    return ResponseScorer(job, model(_pairs(job.examples)))


def drug_ridge(job: ScoreJob) -> ResponseScorer:
    """Predict by a ridge regression on the profile for each drug; see `fit_each_drug`."""
    profiles = side(read_table(job.tables["profiles"]))
    learnt, held_out = (_pairs(job.read(split, ())[0]) for split in ("train", "validation"))
    return ResponseScorer(job, fit_each_drug(profiles, learnt, held_out)(_pairs(job.examples)))


def _pairs(examples: pd.DataFrame) -> Pairs:
    return Pairs(*(examples[name].to_numpy() for name in ("profile", "molecule", LABEL)))


def _mean(job: ScoreJob, column: str) -> ResponseScorer:
    learnt, _ = job.read("train", ())
    means = learnt[LABEL].astype(np.float64).groupby(learnt[column]).mean()
    told = job.examples[column].map(means).fillna(float(learnt[LABEL].astype(np.float64).mean()))
    return ResponseScorer(job, told.to_numpy(np.float64))
