"""Runs read from disk, and what is refused."""

import pytest

from seqmill.comparison.runs import cells_of, load_callers
from seqmill.errors import InputError
from seqmill.evaluation.bootstrap import f1_interval


def test_runs_become_callers(study):
    callers = load_callers(study.runs, study.baselines)
    assert [(caller.name, caller.baseline, len(caller.runs)) for caller in callers] == [
        ("fair", False, 2),
        ("good", False, 2),
        ("caller", True, 1),
        ("scalars", True, 1),
    ]
    assert [run.seed for run in callers[1].runs] == [1, 2]


def test_a_caller_is_the_mean_of_its_seeds(study):
    good = load_callers(study.runs, study.baselines)[1]
    key = ("clean.10x.snp", "allele", "f1")
    assert good.seeds(key) == pytest.approx([594 / 597, 592 / 596])
    assert good.resampled[key].value == pytest.approx((594 / 597 + 592 / 596) / 2)


def test_resampling_is_that_of_the_metrics_file(study, make):
    run = load_callers(study.runs)[1].runs[0]
    items = make.items([0, 1, 2], 0)
    expected = f1_interval(items[items["cell"] == "clean.10x.snp"], "allele")
    assert run.resampled["clean.10x.snp", "allele", "f1"].share_interval() == expected


def test_cells_are_in_order(study):
    assert cells_of(load_callers(study.runs)) == ["clean.10x.snp", "noisy.30x.snp", "clean.10x.indel"]


def test_different_datasets_are_refused_naming_both(study, make, tmp_path):
    other = make.run(tmp_path / "other", make.items([1], 0), experiment="other", seed=1, digest="f00d")
    with pytest.raises(InputError) as refused:
        load_callers([study.runs[0], other])
    for named in (str(other), "f00d", str(study.runs[0]), study.manifest.digest):
        assert named in str(refused.value)


def test_a_run_of_another_dataset_than_the_manifest_is_refused(study):
    with pytest.raises(InputError, match="the manifest is of dataset beef"):
        load_callers(study.runs, dataset_digest="beef")


def test_no_run_is_refused():
    with pytest.raises(InputError, match="--run DIR"):
        load_callers([])


def test_an_unscored_run_is_refused(study):
    (study.runs[0] / "items.parquet").unlink()
    with pytest.raises(InputError, match=r"seed-1: no items\.parquet; score it first"):
        load_callers(study.runs)


def test_the_same_run_twice_is_refused(study):
    with pytest.raises(InputError, match="experiment good with seed 1 is also in"):
        load_callers([study.runs[0], study.runs[0]])


def test_a_name_cannot_be_run_and_baseline(study):
    with pytest.raises(InputError, match="good: given both as a run and as a baseline"):
        load_callers(study.runs[:1], study.runs[1:2])


def test_items_without_a_column_are_refused(study):
    import pandas as pd

    path = study.runs[0] / "items.parquet"
    pd.read_parquet(path).drop(columns="tp_exact").to_parquet(path)
    good = load_callers(study.runs)[1]
    with pytest.raises(InputError, match=r"items\.parquet: no column tp_exact"):
        _ = good.resampled
