"""Enrichment of the best decile, by hand: perfect, reversed, tied and by chance."""

import numpy as np
import pandas as pd
import pytest

from seqmill.therapy.enrichment import FEWEST, enrichment_metrics, enrichments


def table(samples=40, drugs=50, seed=0):
    rng = np.random.default_rng(seed)
    parts = []
    for sample in range(samples):
        truth = rng.permutation(drugs).astype(float)
        parts.append(
            pd.DataFrame(
                {
                    "sample": f"s{sample:02}",
                    "truth": truth,
                    "perfect": truth * 3,
                    "reversed": -truth,
                    "tied": 1.0,
                    "chance": rng.random(drugs),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


NAMES = ("perfect", "reversed", "tied", "chance")


def test_enrichment_is_ten_for_a_perfect_ranking_and_one_for_ties():
    found = enrichments(table(), {name: name for name in NAMES}, truth="truth")
    assert np.allclose(found["perfect"], 10)
    assert np.allclose(found["reversed"], 0)
    assert np.allclose(found["tied"], 1)
    assert found["chance"].mean() == pytest.approx(1, abs=0.5)
    assert (found["drugs"] == 50).all()


def test_samples_of_few_observed_drugs_are_left_out():
    given = table(samples=2)
    given.loc[given.index[: 50 - FEWEST + 1], "truth"] = np.nan
    assert enrichments(given, {"perfect": "perfect"}, truth="truth")["sample"].tolist() == ["s01"]
    assert enrichment_metrics(enrichments(given[:0], {"perfect": "perfect"}, truth="truth"), of="perfect",
                              against=()) == []  # fmt: skip


def test_metrics_have_intervals_over_samples_and_paired_differences():
    found = enrichments(table(), {name: name for name in NAMES}, truth="truth")
    rows = {row["metric"]: row for row in enrichment_metrics(found, of="perfect", against=("chance",))}
    own, other = rows["top_decile_enrichment.perfect"], rows["top_decile_enrichment.chance"]
    assert (own["value"], own["low"], own["high"]) == pytest.approx((10, 10, 10))
    assert other["low"] < found["chance"].mean() < other["high"]
    difference = rows["top_decile_enrichment.perfect_minus_chance"]
    assert difference["value"] == pytest.approx(10 - other["value"])
    assert difference["n"] == 40
