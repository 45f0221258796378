"""Baselines that need no network: a constant, and linear models of covariates or of everything."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from seqmill.applications.disease_risk.evaluate import RiskScorer, outcome_of
from seqmill.applications.disease_risk.likelihoods import LOSSES, Labels
from seqmill.applications.disease_risk.linear import fit_linear, fit_ridge
from seqmill.applications.disease_risk.outcomes import BINARY, DISEASE, LABELS, QUANTITATIVE, TRAIT
from seqmill.applications.profiled.components import COMPONENTS, with_components
from seqmill.applications.profiled.design import side, standardised
from seqmill.applications.scoring import ScoreJob
from seqmill.errors import InputError, nearest
from seqmill.profiles.table import Table, read_table

COVARIATES = "covariates"
"""Block of profiles that is known without any genomics, such as age, sex and ancestry."""

PENALTIES = (1e-4, 1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
"""Ridge penalties tried; validation chooses."""

_BARELY = 1e-6
"""Penalty of a model that is meant to have none: it makes the solution unique."""

_LIFT = 10.0
"""Spread of components in `ridge`, where that of other features is 1."""

Floats = npt.NDArray[np.float64]


def mean(job: ScoreJob) -> RiskScorer:
    """Say the same of all: the training prevalence or mean; for survival nothing, which is 0."""
    learnt, _ = job.read("train", ())
    outcome, said = outcome_of(job), 0.0
    if outcome == BINARY:
        said = float(special.logit(learnt[DISEASE].astype(np.float64).mean()))
    elif outcome == QUANTITATIVE:
        said = float(learnt[TRAIT].astype(np.float64).mean())
    return RiskScorer(job, np.full(len(job.examples), said))


def covariates(job: ScoreJob) -> RiskScorer:
    """Fit an unpenalised linear model to the block ``covariates`` and to components, where there are some.

    Raises
    ------
    InputError
        When there is neither, or there are as many features as persons.
    """
    table = _table(job)
    known = [name for name in (COVARIATES, COMPONENTS) if name in table.blocks]
    if not known:
        raise InputError(
            f"{job.tables['profiles']}: no block '{COVARIATES}'{nearest(COVARIATES, table.blocks)}; it has "
            f"{', '.join(table.blocks)}. Name one so in the plan of profiles, or leave the baseline out"
        )
    return _unpenalised(job, side(table, known))


def linear(job: ScoreJob) -> RiskScorer:
    """Fit an unpenalised linear model to all blocks, and to components.

    Raises
    ------
    InputError
        When there are as many features as persons.
    """
    return _unpenalised(job, side(_table(job)))


def ridge(job: ScoreJob) -> RiskScorer:
    """Fit a linear model to all blocks with the ridge penalty that is best on validation.

    Components, where there are some, are penalised a hundredth as much: they have to explain what is ancestry
    before the many sites that tell of it as well.
    """
    table = _table(job)
    lift = np.concatenate(
        [
            np.full(len(one.features), _LIFT if name == COMPONENTS else 1.0)
            for name, one in table.blocks.items()
        ]
    )

    def fit(features: Floats, learnt: pd.DataFrame) -> Callable[[Floats], Floats]:
        held_out, _ = job.read("validation", ())
        sets = [(features[one["profile"]], _labels(job, one)) for one in (learnt, held_out)]
        return fit_ridge(*sets, LOSSES[outcome_of(job)], PENALTIES)

    return _scored(job, side(table), fit, lift=lift)


def _table(job: ScoreJob) -> Table:
    """Read the profiles, with the components that the options ask for, fitted to the training persons."""
    learnt, _ = job.read("train", ())
    table = read_table(job.tables["profiles"])
    return with_components(table, job.plan.get("options", {}), learnt["profile"].to_numpy())


def _unpenalised(job: ScoreJob, features: Floats) -> RiskScorer:
    def fit(scaled: Floats, learnt: pd.DataFrame) -> Callable[[Floats], Floats]:
        if features.shape[1] >= len(learnt):
            raise InputError(
                f"baselines: {features.shape[1]:,} features and {len(learnt):,} training persons found; a "
                "model without a penalty wants fewer features than persons, so choose 'ridge'"
            )
        return fit_linear(scaled[learnt["profile"]], _labels(job, learnt), LOSSES[outcome_of(job)], _BARELY)

    return _scored(job, features, fit)


def _scored(
    job: ScoreJob,
    features: Floats,
    fit: Callable[[Floats, pd.DataFrame], Callable[[Floats], Floats]],
    *,
    lift: Floats | float = 1.0,
) -> RiskScorer:
    learnt, _ = job.read("train", ())
    scaled = standardised(features, learnt["profile"].to_numpy()) * lift
    return RiskScorer(job, fit(scaled, learnt)(scaled[job.examples["profile"]]))


def _labels(job: ScoreJob, examples: pd.DataFrame) -> Labels:
    return {name: examples[name].to_numpy(np.float64) for name in LABELS[outcome_of(job)]}
