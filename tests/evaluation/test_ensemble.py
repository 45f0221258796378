"""Seeds averaged into one predictor, against the mean worked out by hand."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax

from seqmill.errors import InputError
from seqmill.evaluation.ensemble import evaluate_ensemble, mean_outputs, mean_predictions
from seqmill.evaluation.predictions import logits
from seqmill.evaluation.run import evaluate_run
from seqmill.files import write_json


def table(folder, scores, *, temperature, ids=(1, 2)):
    folder.mkdir()
    columns = {f"logit_{index}": np.array(column, np.float32) for index, column in enumerate(scores.T)}
    pd.DataFrame({"example_id": np.array(ids, np.uint64), **columns}).to_parquet(
        folder / "predictions.parquet"
    )
    write_json(folder / "calibration.json", {"temperature": temperature})
    return folder / "predictions.parquet"


def test_the_mean_is_of_calibrated_probabilities(tmp_path):
    first = np.array([[0.0, 2.0, -1.0], [3.0, 0.0, 0.0]])
    second = np.array([[1.0, 0.0, 0.0], [-2.0, 4.0, 0.5]])
    found = mean_predictions(
        [table(tmp_path / "a", first, temperature=2.0), table(tmp_path / "b", second, temperature=0.5)]
    )
    wanted = (softmax(first / 2.0, axis=1) + softmax(second / 0.5, axis=1)) / 2
    assert softmax(logits(found), axis=1) == pytest.approx(wanted, abs=1e-6)


def test_the_spread_of_probabilities_and_of_outputs_stands_beside_the_mean(tmp_path):
    scores = [np.array([[0.0, 2.0], [3.0, 0.0]]), np.array([[1.0, 0.0], [-2.0, 4.0]]), np.zeros((2, 2))]
    paths = [table(tmp_path / f"m{at}", one, temperature=1.0) for at, one in enumerate(scores)]
    each = np.stack([softmax(one, axis=1) for one in scores])
    found = mean_predictions(paths, spread=True)
    assert found["sd_probability_1"].to_numpy() == pytest.approx(each[:, :, 1].std(0, ddof=1), abs=1e-6)
    assert "sd_probability_1" not in mean_predictions(paths)
    for path, one in zip(paths, scores, strict=True):
        said = pd.DataFrame({"example_id": np.array([1, 2], np.uint64), "predicted_y": one[:, 0]})
        said.to_parquet(path)
    found = mean_outputs(paths, {"example_id"}, spread=True)
    assert found["predicted_y"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert found["sd_predicted_y"].tolist() == pytest.approx(np.stack(scores)[:, :, 0].std(0, ddof=1))
    assert list(mean_outputs(paths, {"example_id"})) == ["example_id", "predicted_y"]


def test_members_that_predict_other_examples_are_refused(tmp_path):
    scores = np.zeros((2, 3))
    one = table(tmp_path / "a", scores, temperature=1.0)
    other = table(tmp_path / "b", scores, temperature=1.0, ids=(1, 3))
    with pytest.raises(InputError, match=r"predictions\.parquet: predicts other examples"):
        mean_predictions([one, other])


@pytest.fixture
def members(planted_dataset, trained, tmp_path):
    evaluate_run(trained, planted_dataset)
    other = tmp_path / "other"
    shutil.copytree(trained, other)
    return [trained, other]


def test_an_ensemble_of_equal_runs_scores_like_each(planted_dataset, members, tmp_path):
    written = evaluate_ensemble(members, planted_dataset, output=tmp_path / "ensemble")
    single = json.loads((members[0] / "metrics.json").read_text())
    assert (written["experiment"], written["seed"]) == ("share_ensemble", None)
    assert written["dataset_digest"] == planted_dataset.manifest.digest
    scores = {row["metric"]: row["value"] for row in single["metrics"] if row["primary"]}
    assert {row["metric"]: row["value"] for row in written["metrics"] if row["primary"]} == scores
    assert (tmp_path / "ensemble" / "items.parquet").is_file()
    assert {path.name for path in (tmp_path / "ensemble" / "calls").iterdir()} >= {"eve.full.vcf.gz"}


def test_the_order_of_the_members_changes_nothing(planted_dataset, members, tmp_path):
    evaluate_ensemble(members, planted_dataset, output=tmp_path / "x")
    evaluate_ensemble(members[::-1], planted_dataset, output=tmp_path / "y")
    for name in ("predictions.parquet", "metrics.json", "calls/eve.full.vcf.gz"):
        assert (tmp_path / "x" / name).read_bytes() == (tmp_path / "y" / name).read_bytes()


def test_several_experiments_are_averaged_under_a_name(planted_dataset, members, tmp_path):
    scored = json.loads((members[1] / "metrics.json").read_text())
    write_json(members[1] / "metrics.json", scored | {"experiment": "rival"})
    written = evaluate_ensemble(members, planted_dataset, output=tmp_path / "mixed", name="both")
    assert (written["experiment"], written["members"]) == ("both_ensemble", ["rival", "share"])


def test_what_cannot_be_averaged(planted_dataset, members, tmp_path):
    output = tmp_path / "ensemble"
    with pytest.raises(InputError, match="two runs or more, 1 given"):
        evaluate_ensemble(members[:1], planted_dataset, output=output)
    scored = json.loads((members[1] / "metrics.json").read_text())
    write_json(members[1] / "metrics.json", scored | {"experiment": "rival"})
    with pytest.raises(InputError, match=r"wants a name, found rival, share; give it with --name"):
        evaluate_ensemble(members, planted_dataset, output=output)
    write_json(members[1] / "metrics.json", scored | {"dataset_digest": "abc"})
    with pytest.raises(InputError, match="scored on dataset abc"):
        evaluate_ensemble(members, planted_dataset, output=output)
    (members[1] / "metrics.json").unlink()
    with pytest.raises(InputError, match=r"no metrics.json; score it first"):
        evaluate_ensemble(members, planted_dataset, output=output)
    assert not output.exists()
