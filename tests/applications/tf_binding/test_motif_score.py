"""Windows scored by known motifs."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from seqmill.applications.scoring import OperatingPoints
from seqmill.applications.tf_binding.motif_score import area, motif_score
from seqmill.errors import InputError
from seqmill.evaluation.dataset import read_examples
from seqmill.evaluation.metrics import score
from tests.applications.tf_binding import planted

NONE = OperatingPoints([])


@pytest.fixture
def job(dataset):
    table = read_examples(dataset.manifest, "test", threads=1)
    return dataset.job("test", {}, examples=table, threads=1)


def test_the_planted_motifs_tell_all(job):
    rows = {row["metric"]: row["value"] for row in score(motif_score(job).items(NONE), replicates=5)}
    assert {name: value for name, value in rows.items() if value < 0.99} == {}


def test_of_several_motifs_the_one_that_ranks_validation_best_counts(job, tmp_path):
    words = {"AAA1.0": "TTTTTTTT", **{f"{name}.9": word for name, word in planted.MOTIFS.items()}}
    (tmp_path / "m.meme").write_text(planted.meme(words))
    other = replace(job, plan={**job.plan, "files": {"motifs": str(tmp_path / "m.meme")}})
    rows = {row["metric"]: row["value"] for row in score(motif_score(other).items(NONE), replicates=5)}
    assert rows["auroc.AAA1.chip.shuffled"] > 0.99


def test_without_motifs_the_configuration_is_named(job):
    bare = {key: value for key, value in job.plan.items() if key != "files"}
    with pytest.raises(InputError, match=r"files.motifs: not given, but the baseline motif_score needs it"):
        motif_score(replace(job, plan=bare))


def test_the_area_is_that_of_scikit_learn():
    rng = np.random.default_rng(1)
    labels, scores = rng.random(200) < 0.3, rng.integers(0, 20, 200).astype(float)
    assert area(scores, labels) == pytest.approx(roc_auc_score(labels, scores))
