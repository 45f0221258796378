"""From a configuration to outputs, state and tracked run."""

import os
import signal

import pytest
import torch

from seqmill.errors import InputError, Interrupted
from seqmill.files import read_json
from seqmill.tracking.store import connect
from seqmill.training.data import training_rows
from seqmill.training.train import train


def runs_of(places):
    client = connect(places.store)
    return client.search_runs([client.get_experiment_by_name("toys").experiment_id])


def test_outputs_state_and_tracked_run_of_a_complete_run(compose_run, places, manifest):
    record = train(compose_run(), places)
    assert sorted(path.name for path in places.output.iterdir()) == [
        "checkpoint.ckpt",
        "config.yaml",
        "train.json",
    ]
    assert read_json(places.output / "train.json") == record
    assert not list(places.state.iterdir()), "the state of a complete run is dropped"
    assert (record["epochs"], record["steps"], record["parameters"]) == (3, 18, 8 * 8 + 8 + 8 * 2 + 2)
    losses = [entry["validation_loss"] for entry in record["history"]]
    assert record["best_validation_loss"] == min(losses)
    assert record["best_epoch"] == losses.index(min(losses)) + 1

    (tracked,) = runs_of(places)
    assert tracked.info.run_id == record["run_id"]
    assert tracked.info.status == "FINISHED"
    assert tracked.data.params["trainer.batch_size"] == "16"
    assert tracked.data.params["model.options.hidden"] == "8"
    assert tracked.data.metrics["validation_loss"] == pytest.approx(losses[-1])
    assert tracked.data.tags["seed"] == "1"
    assert tracked.data.tags["dataset_digest"] == manifest.digest
    (dataset,) = tracked.inputs.dataset_inputs
    assert (dataset.dataset.name, dataset.dataset.digest) == ("toys", manifest.digest[:36])
    artifacts = {artifact.path for artifact in connect(places.store).list_artifacts(record["run_id"])}
    assert {"model", "config.yaml", "environment", "train.json"} <= artifacts


def test_a_share_of_the_examples_is_recorded_with_the_run(compose_run, places, manifest):
    record = train(compose_run("trainer.train_fraction=0.3"), places)
    assert record["train_examples"] == training_rows(manifest, 0.3) < 90
    assert record["steps"] == 3 * -(-record["train_examples"] // 16)
    params = connect(places.store).get_run(record["run_id"]).data.params
    assert params["trainer.train_fraction"] == "0.3"


def test_a_signal_in_the_middle_saves_the_state_and_the_same_tracked_run_goes_on(
    toy, compose_run, places, monkeypatch
):
    whole = train(compose_run("trainer.epochs=2"), places)
    expected = torch.load(places.output / "checkpoint.ckpt", weights_only=True)["state_dict"]
    (places.output / "checkpoint.ckpt").unlink()
    (places.output / "train.json").unlink()

    step = toy.ToyTask.training_step

    def with_signal(self, batch, index):
        if self.trainer.global_step == 8:
            os.kill(os.getpid(), signal.SIGTERM)
        return step(self, batch, index)

    before = signal.getsignal(signal.SIGTERM)
    with monkeypatch.context() as patch:
        patch.setattr(toy.ToyTask, "training_step", with_signal)
        with pytest.raises(Interrupted, match="stopped by SIGTERM"):
            train(compose_run("trainer.epochs=2"), places)
    assert signal.getsignal(signal.SIGTERM) == before
    assert not (places.output / "train.json").exists(), "outputs are written last"
    assert runs_of(places)[0].info.status == "KILLED"

    record = train(compose_run("trainer.epochs=2"), places)
    found = torch.load(places.output / "checkpoint.ckpt", weights_only=True)["state_dict"]
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert record["attempts"] == 2
    resumed, first = runs_of(places)
    assert (resumed.info.run_id, first.info.run_id) == (record["run_id"], whole["run_id"])
    assert (resumed.info.status, resumed.data.tags["attempt"]) == ("FINISHED", "2")
    losses = connect(places.store).get_metric_history(record["run_id"], "validation_loss")
    assert sorted({metric.step for metric in losses}) == [6, 12]


def test_a_shard_that_was_changed_is_refused_before_anything_is_computed(toy, compose_run, places, tmp_path):
    manifest = toy.write_dataset(tmp_path)
    shard = manifest.path.with_name("train-00000.parquet")
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    with pytest.raises(InputError, match=r"train-00000\.parquet: sha256 .* the shard was changed"):
        train(compose_run(f"dataset.manifest={manifest.path}"), places)
    assert not places.output.exists() and not places.state.exists()
    assert not runs_of(places)


def test_an_error_leaves_no_output_and_a_failed_run(toy, compose_run, places, monkeypatch):
    def fails(self, batch, index):
        raise RuntimeError("no luck")

    monkeypatch.setattr(toy.ToyTask, "training_step", fails)
    with pytest.raises(RuntimeError, match="no luck"):
        train(compose_run(), places)
    assert not places.output.exists()
    assert [run.info.status for run in runs_of(places)] == ["FAILED"]
