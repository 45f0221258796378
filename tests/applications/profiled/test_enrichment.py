"""Enrichment of the best decile, by hand: perfect, reversed, tied and by chance."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.profiled.enrichment import FEWEST, enrichments


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
    assert enrichments(given[:0], {"perfect": "perfect"}, truth="truth").empty
