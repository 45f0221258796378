"""The comparison in the store: once, and again in place."""

import pytest

from seqmill.comparison.attach import attach
from seqmill.comparison.runs import load_callers
from seqmill.tracking.store import connect


def test_the_comparison_is_attached_once_and_again_in_place(tracked_callers, store, tmp_path):
    files = [tmp_path / "paired.tsv", tmp_path / "report.html"]
    for path in files:
        path.write_text(path.name)
    first, again = (attach(store, tracked_callers, files, dataset="demo") for _ in range(2))
    assert first == again
    client = connect(store)
    own = client.get_run(first)
    assert (own.info.run_name, own.info.status) == ("comparison of demo", "FINISHED")
    assert [one.path for one in client.list_artifacts(first, "comparison")] == [
        "comparison/paired.tsv",
        "comparison/report.html",
    ]
    good = next(caller for caller in tracked_callers if caller.name == "good")
    compared = client.get_run(good.runs[0].training["run_id"])
    assert compared.data.tags["seqmill.comparison"] == first
    assert compared.data.metrics["comparison.place"] == 2
    f1 = good.resampled["clean.10x.snp", "allele", "f1"].value
    assert compared.data.metrics["comparison.f1.allele.clean.10x.snp"] == pytest.approx(f1)
    assert [one.path for one in client.list_artifacts(compared.info.run_id, "comparison")] == [
        "comparison/paired.tsv"
    ]
    history = client.get_metric_history(compared.info.run_id, "comparison.place")
    assert len(history) == 1


def test_a_store_without_the_runs_gets_nothing(study, store, tmp_path):
    callers = load_callers(study.runs, study.baselines)
    assert attach(store, callers, [], dataset="demo") is None
