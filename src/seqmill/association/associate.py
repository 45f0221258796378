"""Test all features of a block, and write the table, the summary and the page."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from seqmill.association.cohort import Cohort, filled, read_cohort
from seqmill.association.multiple import benjamini_hochberg, bonferroni, controlled, genomic_control
from seqmill.association.null import Model, Values, fit_null
from seqmill.association.page import write_page
from seqmill.association.score import permutation_tests, score_tests
from seqmill.errors import InputError
from seqmill.files import write_json, write_tsv
from seqmill.profiles.components import component_names, fit_components
from seqmill.profiles.table import Block

FEW = "few_carriers"
"""Why a feature is not tested: too few people differ from the value that most have."""

_LEVEL = 0.05


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    sample, label, block : str
        Rows, their trait, and the features that are tested.
    covariates : tuple of str
        Blocks that the trait is fitted on first.
    components : int
        Principal components of `ancestry` that are covariates too, fitted to the people who are tested.
    ancestry : str
        Block of dosages that components are made of.
    folds : tuple of str
        Folds that are tested; all unless given.
    model : str
        ``linear``, ``logistic``, or ``auto``: logistic where the trait is 0 or 1.
    minimum_carriers : int
        Fewest people whose value is another than that of most people.
    permutations : int
        How often residuals are dealt anew; 0 leaves permutation out.
    seed : int
        Of the permutations.
    """

    sample: str
    label: str
    block: str
    covariates: tuple[str, ...] = ()
    components: int = 0
    ancestry: str = "dosage"
    folds: tuple[str, ...] = ()
    model: Literal["auto", "linear", "logistic"] = "auto"
    minimum_carriers: int = 10
    permutations: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Associations:
    """All tests of a block.

    Attributes
    ----------
    features : tuple of str
        Names of the F features.
    columns : dict
        Column of the table -> float64 array of F.
    summary : dict
        People, model, inflation, and how many are found by each rule.
    """

    features: tuple[str, ...]
    columns: dict[str, Values]
    summary: dict[str, Any] = field(default_factory=dict)


def associate(index: Path, question: Question, output: Path) -> dict[str, Any]:
    """Test and write ``associations.tsv``, ``summary.json`` and ``associations.html`` under `output`.

    Returns
    -------
    dict
        The content of ``summary.json``.

    Raises
    ------
    InputError
        When names are unknown, the trait does not fit the model, or no feature can be tested.
    """
    cohort = read_cohort(
        index,
        sample=question.sample,
        label=question.label,
        block=question.block,
        covariates=question.covariates,
        folds=question.folds,
        ancestry=question.ancestry if question.components else None,
    )
    covariates = cohort.covariates
    names = [*cohort.covariate_names]
    if cohort.ancestry:
        placed = fit_components(cohort.ancestry, question.components).project(cohort.ancestry)
        covariates = np.column_stack([covariates, placed])
        names += component_names(question.components)
    tested = tested_block(cohort, covariates, question)
    tested.summary["covariates"] = names
    _write_table(output / "associations.tsv", tested)
    write_json(output / "summary.json", tested.summary)
    write_page(output / "associations.html", tested.features, tested.columns, tested.summary)
    return tested.summary


def tested_block(cohort: Cohort, covariates: Values, question: Question) -> Associations:
    """Test the features of a cohort.

    Raises
    ------
    InputError
        When the trait does not fit the model, or no feature can be tested.
    """
    model = _model(cohort.trait, question)
    null = fit_null(cohort.trait, covariates, model)
    enough = carriers(cohort.block) >= question.minimum_carriers
    if not enough.any():
        raise InputError(
            f"block '{question.block}': no feature has {question.minimum_carriers} people who differ from "
            "the others; lower minimum_carriers, or give another block"
        )
    block = Block(
        tuple(name for name, kept in zip(cohort.block.features, enough, strict=True) if kept),
        cohort.block.values[:, enough],
        cohort.block.mask[:, enough],
    )
    features = filled(block)
    tested = score_tests(features, null)
    inflation = genomic_control(tested.chi2)
    columns = {
        "mean": features.mean(axis=0),
        "called": block.mask.mean(axis=0),
        "effect": tested.effect,
        "error": tested.error,
        "chi2": tested.chi2,
        "p": tested.p,
        "p_genomic_control": controlled(tested.chi2, inflation),
        "p_bonferroni": bonferroni(tested.p),
        "q": benjamini_hochberg(tested.p),
    }
    if question.permutations:
        rng = np.random.default_rng(question.seed)
        own, highest = permutation_tests(features, null, times=question.permutations, rng=rng)
        columns |= {"p_permutation": own, "p_familywise": highest}
    summary = {
        "sample": question.sample,
        "label": question.label,
        "block": question.block,
        "model": model,
        "people": len(cohort.trait),
        "rows_left_out": cohort.dropped,
        "features": len(cohort.block.features),
        "tested": int(np.isfinite(tested.p).sum()),
        "features_left_out": {FEW: int((~enough).sum())},
        "inflation": inflation,
        "nominal_share": float(np.nanmean(tested.p < _LEVEL)),
        "found": {
            name: int((columns[name] < _LEVEL).sum())
            for name in ("p_bonferroni", "q", "p_familywise")
            if name in columns
        },
        "permutations": question.permutations,
    }
    return Associations(block.features, columns, summary)


def carriers(block: Block) -> Values:
    """Count the people whose value is another than the most common one, float64 [F]."""
    counts = []
    for values, there in zip(block.values.T, block.mask.T, strict=True):
        found = np.unique(values[there], return_counts=True)[1]
        counts.append(found.sum() - found.max(initial=0))
    return np.array(counts, np.float64)


def _model(trait: Values, question: Question) -> Model:
    binary = np.isin(trait, (0, 1)).all()
    if question.model == "logistic" and not binary:
        raise InputError(
            f"label '{question.label}': want 0 and 1 for the logistic model, found other numbers"
        )
    if question.model == "auto":
        return "logistic" if binary else "linear"
    return question.model


def _write_table(path: Path, found: Associations) -> None:
    order = np.argsort(found.columns["p"], kind="stable")
    rows = ((found.features[at], *(f"{values[at]:.6g}" for values in found.columns.values())) for at in order)
    write_tsv(path, [("feature", *found.columns), *rows])
