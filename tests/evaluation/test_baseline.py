"""A baseline scored on the items of a run, on the planted individual."""

import json

import pandas as pd
import pytest

from seqmill.errors import InputError
from seqmill.evaluation.baseline import evaluate_baseline
from seqmill.evaluation.run import evaluate_run


def values(folder):
    content = json.loads((folder / "metrics.json").read_text())
    return {row["metric"]: row["value"] for row in content["metrics"]}


def test_a_baseline_is_scored_on_the_same_items(planted_dataset, trained, world, tmp_path):
    evaluate_run(trained, planted_dataset)
    output = tmp_path / "bcftools"
    evaluate_baseline("bcftools", planted_dataset, alignments={"eve": world / "eve.bam"}, output=output)
    assert values(output)["f1.allele.clean.full.snp"] == 1.0
    model, caller = (pd.read_parquet(folder / "items.parquet") for folder in (trained, output))
    truth = [set(map(tuple, t[t["fp_allele"] == 0][["item", "cell"]].to_numpy())) for t in (model, caller)]
    assert truth[0] == truth[1]
    content = json.loads((output / "metrics.json").read_text())
    assert (content["run"], content["seed"]) == ("bcftools", None)


def test_unknown_baseline_and_missing_alignments_are_named(planted_dataset, tmp_path):
    with pytest.raises(InputError, match="did you mean 'bcftools'"):
        evaluate_baseline("bcftool", planted_dataset, alignments={}, output=tmp_path)
    with pytest.raises(InputError, match="none for eve"):
        evaluate_baseline("bcftools", planted_dataset, alignments={}, output=tmp_path)
