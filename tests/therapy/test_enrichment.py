"""Metrics of rankings, with paired differences."""

import pytest

from seqmill.applications.profiled.enrichment import enrichments
from seqmill.therapy.enrichment import enrichment_metrics
from tests.applications.profiled.test_enrichment import NAMES, table


def test_metrics_have_intervals_over_samples_and_paired_differences():
    found = enrichments(table(), {name: name for name in NAMES}, truth="truth")
    rows = {row["metric"]: row for row in enrichment_metrics(found, of="perfect", against=("chance",))}
    own, other = rows["top_decile_enrichment.perfect"], rows["top_decile_enrichment.chance"]
    assert (own["value"], own["low"], own["high"]) == pytest.approx((10, 10, 10))
    assert other["low"] < found["chance"].mean() < other["high"]
    difference = rows["top_decile_enrichment.perfect_minus_chance"]
    assert difference["value"] == pytest.approx(10 - other["value"])
    assert difference["n"] == 40


def test_without_samples_there_is_no_metric():
    found = enrichments(table()[:0], {name: name for name in NAMES}, truth="truth")
    assert enrichment_metrics(found, of="perfect", against=("chance",)) == []
