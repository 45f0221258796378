"""What scorers of all applications build on."""

import pandas as pd

from seqmill.applications.scoring import ScoreJob, further_metric


def test_a_sample_without_a_condition_stands_for_itself():
    samples = {"a": {"condition": "clean"}, "b": {"condition": ""}, "c": {}}
    job = ScoreJob(plan={"samples": samples}, split="test", lineage={}, reads={}, examples=pd.DataFrame())
    assert [job.condition_of(name) for name in samples] == ["clean", "b", "c"]


def test_a_further_metric_has_no_interval_and_is_never_primary():
    row = further_metric("rmse.x", 2, n=7)
    assert row == {"metric": "rmse.x", "value": 2.0, "low": None, "high": None, "n": 7, "primary": False}
    assert type(row["value"]) is float
