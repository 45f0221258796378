"""Predicted against observed responses, over all pairs and drug by drug."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.drug_response.spec import LABEL
from seqmill.applications.profiled.enrichment import enrichments
from seqmill.applications.profiled.items import blocks_of
from seqmill.applications.profiled.missing import missing_strata
from seqmill.applications.profiled.percentiles import percentiles
from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls, further_metric

FEWEST = 10
"""Pairs of a drug below which no correlation within it is told."""

Floats = npt.NDArray[np.float64]


class ResponseScorer(WithoutCalls):
    """Scores responses; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    predicted : float array, shape (n,)
        Response of each example.
    """

    def __init__(self, job: ScoreJob, predicted: npt.NDArray[np.floating]) -> None:
        self._job = job
        self._predicted = np.asarray(predicted, np.float64)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each pair; those of one group of the splits are drawn together.

        Where profiles miss different shares of their values, ``stratum_missing`` tells which; see
        `missing_strata`.
        """
        examples = self._job.examples
        strata = missing_strata(self._job)
        return pd.DataFrame(
            {
                "item": examples["example_id"],
                "cell": [self._job.condition_of(name) for name in examples["sample"]],
                "sample": examples["sample"],
                "profile": examples["profile_id"],
                "molecule": examples["molecule_id"],
                "predicted_response": self._predicted,
                "observed_response": examples[LABEL].astype(np.float64),
                "block": blocks_of(self._job),
                **({"stratum_missing": strata} if strata is not None else {}),
            }
        )

    def further(self) -> list[dict[str, Any]]:
        """Give for each cell the root mean squared error, and how well it does within drugs.

        These are the median correlation within a drug, and the mean over profiles of how much the drugs that
        do best are enriched at the top of a ranking by percentiles within each drug; see `ranked_best`.
        """
        rows: list[dict[str, Any]] = []
        learnt, _ = self._job.read("train", ())
        for cell, inside in self.items(OperatingPoints([])).groupby("cell", sort=True):
            errors = inside["predicted_response"] - inside["observed_response"]
            rows.append(further_metric(f"rmse.response.{cell}", np.sqrt((errors**2).mean()), n=len(inside)))
            within = within_drugs(inside)
            if len(within):
                name = f"median_drug_pearson.response.{cell}"
                rows.append(further_metric(name, np.median(within), n=len(within)))
            best = ranked_best(inside, learnt)
            if len(best):
                name = f"top_decile_enrichment.response.{cell}"
                rows.append(further_metric(name, best.mean(), n=len(best)))
        return rows


def within_drugs(items: pd.DataFrame) -> Floats:
    """Give the correlation of Pearson within each drug of `FEWEST` pairs or more where it is defined."""
    found = [
        inside["predicted_response"].corr(inside["observed_response"])
        for _, inside in items.groupby("molecule")
        if len(inside) >= FEWEST and inside["predicted_response"].std() > 1e-9
    ]
    values = np.array(found, np.float64)
    return values[~np.isnan(values)]


def ranked_best(items: pd.DataFrame, learnt: pd.DataFrame) -> Floats:
    """Give the enrichment of each profile's best decile of drugs at the top of the predicted ranking.

    The lowest responses are the best. Drugs are ranked by the percentile of the prediction among those of all
    items of the drug; what is true is the percentile of the response among the drug's training responses. 1
    is chance; see `seqmill.applications.profiled.enrichment.enrichments`.

    Parameters
    ----------
    items : DataFrame
        Scored pairs.
    learnt : DataFrame
        Training examples. Drugs without any have no percentile, and are left out.
    """
    known = {drug: inside[LABEL].to_numpy(np.float64) for drug, inside in learnt.groupby("molecule_id")}
    parts = [pd.DataFrame({"sample": [], "percentile": [], "truth": []})]
    for drug, inside in items.groupby("molecule"):
        if drug not in known:
            continue
        predicted = inside["predicted_response"].to_numpy(np.float64)
        observed = inside["observed_response"].to_numpy(np.float64)
        parts.append(
            pd.DataFrame(
                {
                    "sample": inside["profile"],
                    "percentile": percentiles(predicted, predicted),
                    "truth": percentiles(observed, known[drug]),
                }
            )
        )
    table = pd.concat(parts[1:] or parts)
    return enrichments(table, {"percentile": "percentile"}, truth="truth")["percentile"].to_numpy(np.float64)


def evaluate(job: ScoreJob) -> ResponseScorer:
    """Score a model's ``predicted_response`` on a split."""
    return ResponseScorer(job, job.examples[f"predicted_{LABEL}"].to_numpy())
