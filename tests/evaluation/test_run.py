"""A run scored from shards to metrics, on the planted individual."""

import gzip
import json

import pandas as pd
import pytest

from seqmill.errors import InputError
from seqmill.evaluation.calibrated import Calibration
from seqmill.evaluation.run import evaluate_run
from seqmill.files import write_json
from seqmill.tracking.run import open_run
from seqmill.tracking.store import connect, init_store

RESULTS = ["calibration.json", "curves.json", "items.parquet", "metrics.json", "predictions.parquet"]


def values(folder):
    content = json.loads((folder / "metrics.json").read_text())
    return {row["metric"]: row["value"] for row in content["metrics"]}


def test_a_run_writes_what_it_found(planted_dataset, trained):
    evaluate_run(trained, planted_dataset)
    assert {path.name for path in trained.iterdir()} >= set(RESULTS)
    found = values(trained)
    assert found["f1.allele.clean.full.snp"] == found["f1.genotype.clean.full.indel"] == 1.0
    assert {"f1.allele.overall", "temperature", "ece.after"} <= set(found)
    content = json.loads((trained / "metrics.json").read_text())
    assert (content["experiment"], content["seed"], content["dataset"]) == ("share", 3, "planted")
    assert content["dataset_digest"] == planted_dataset.manifest.digest
    predictions = pd.read_parquet(trained / "predictions.parquet")
    assert len(predictions) == sum(planted_dataset.manifest.rows(split) for split in ("validation", "test"))
    assert {"example_id", "copies", "logit_0", "logit_1", "logit_2"} <= set(predictions)


def test_thresholds_come_from_validation_alone(planted_dataset, trained):
    evaluate_run(trained, planted_dataset)
    calibration = Calibration.beside(
        trained / "checkpoint.ckpt", encoding=planted_dataset.manifest.encoding.digest
    )
    assert {(point.kind, point.coverage > 15) for point in calibration.points.points} == {
        (kind, deep) for kind in ("snp", "indel") for deep in (True, False)
    }
    curves = json.loads((trained / "curves.json").read_text())
    used = {(row["cell"], row["threshold"]) for row in curves["precision_recall"]}
    deep = next(p for p in calibration.points.points if p.kind == "snp" and p.coverage > 15)
    assert ("clean.full.snp", deep.quality) in used
    assert curves["calibration"]["temperature"] == calibration.temperature


def test_evaluating_twice_gives_the_same_files(planted_dataset, trained):
    evaluate_run(trained, planted_dataset)
    names = [*RESULTS, "calls/eve.full.vcf.gz", "calls/eve.10x.vcf.gz"]
    first = {name: (trained / name).read_bytes() for name in names}
    evaluate_run(trained, planted_dataset)
    assert {name: (trained / name).read_bytes() for name in names} == first


def test_call_files_name_checkpoint_dataset_reference_and_reads(planted_dataset, trained):
    evaluate_run(trained, planted_dataset)
    header = gzip.open(trained / "calls" / "eve.full.vcf.gz", "rt").read()
    for key in ("checkpoint", "dataset", "reference", "reads"):
        assert f"##seqmill_{key}=" in header
    assert str(trained) not in header


def test_the_tracked_run_gets_scores_and_files(planted_dataset, trained, tmp_path):
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    init_store(uri, "planted")
    with open_run(uri, "planted", name="share-3") as run:
        run_id = run.run_id
    write_json(trained / "train.json", {"run_id": run_id})
    written = evaluate_run(trained, planted_dataset, tracking_uri=uri)
    assert written["run"] == run_id
    client = connect(uri)
    logged = client.get_run(run_id)
    assert logged.info.status == "FINISHED"
    assert logged.data.metrics["f1.allele.clean.full.snp"] == 1.0
    kept = {artifact.path for artifact in client.list_artifacts(run_id, "evaluation")}
    assert kept == {f"evaluation/{name}" for name in RESULTS}


def test_an_unfinished_run_is_refused(planted_dataset, tmp_path):
    with pytest.raises(InputError, match="train it first"):
        evaluate_run(tmp_path, planted_dataset)
