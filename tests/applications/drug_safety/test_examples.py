"""Examples have the labels of their molecules; classes are counted; other labels than 0 and 1 are refused."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from seqmill.applications.application import LabelReport
from seqmill.applications.drug_safety.examples import examples
from seqmill.errors import InputError
from tests.applications.drug_safety import planted


def test_labels_are_those_of_the_file_and_are_counted_by_class(assays):
    report = LabelReport()
    found = pa.Table.from_batches(list(examples(assays.job, report))).to_pandas()
    written = pd.read_csv(assays.job.reference.parents[1] / "molecules.tsv", sep="\t").set_index("name")
    for task in planted.TASKS:
        expected = written.loc[found["molecule_id"], task].to_numpy(np.float32)
        assert np.array_equal(found[task].to_numpy(), expected, equal_nan=True)
        toxic = sum(counts[f"{task} toxic"] for counts in report.classes.values())
        assert toxic == (written[task] == 1).sum()
        assert report.counts[f"missing.{task}"] == np.isnan(found[task]).sum()
    inside = found[found["split"] == "test"]
    assert report.classes["test"]["nitrile not"] == (inside["nitrile"] == 0).sum() > 0
    assert report.classes["test"]["same toxic"] == 0


def test_a_label_that_is_no_class_is_named(tmp_path):
    made = planted.job(tmp_path)
    text = (tmp_path / "molecules.tsv").read_text().splitlines()
    text[7] = "\t".join([*text[7].split("\t")[:-1], "0.5"])
    (tmp_path / "molecules.tsv").write_text("\n".join(text) + "\n")
    from seqmill.profiles.build import build_profiles
    from seqmill.profiles.plan import load_profiles_plan

    build_profiles(load_profiles_plan(tmp_path / "profiles.yaml"), tmp_path / "raw")
    with pytest.raises(InputError, match=r"'same' of m006 is 0\.5; want 1 for toxic"):
        list(examples(made.job, LabelReport()))
