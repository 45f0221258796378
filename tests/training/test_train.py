"""From a configuration to outputs, state and tracked run."""

import os
import signal
from pathlib import Path

import pytest
import torch

from seqmill.errors import InputError, Interrupted
from seqmill.files import read_json
from seqmill.tracking.store import connect
from seqmill.training.compose import compose
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


def test_encrypted_shards_give_the_weights_of_plain_ones(
    toy, config_dir, places, manifest, tmp_path, monkeypatch
):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    encrypted = toy.write_dataset(tmp_path / "encrypted", encrypted=True)
    assert encrypted.digest == manifest.digest
    found = []
    for dataset in (manifest, encrypted):
        run = compose(["experiment=plain", "seed=1", f"dataset.manifest={dataset.path}"], config_dir)
        train(run, places)
        found.append(torch.load(places.output / "checkpoint.ckpt", weights_only=True)["state_dict"])
    assert found[0].keys() == found[1].keys()
    assert all(torch.equal(found[0][name], found[1][name]) for name in found[0])


def test_encrypted_shards_without_a_key_train_nothing(toy, config_dir, places, tmp_path, monkeypatch):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    encrypted = toy.write_dataset(tmp_path / "encrypted", encrypted=True)
    run = compose(["experiment=plain", "seed=1", f"dataset.manifest={encrypted.path}"], config_dir)
    for secret, said in (("", "no key"), ("ab" * 32, "encrypted under key")):
        monkeypatch.setenv("SEQMILL_KEY", secret)
        with pytest.raises(InputError, match=said) as caught:
            train(run, places)
        assert "0f0f" not in str(caught.value) and "abab" not in str(caught.value)
    assert not (places.output / "checkpoint.ckpt").exists()


def test_under_pseudonyms_the_tracker_is_told_of_no_place(toy, config_dir, places, tmp_path):
    dataset = toy.write_dataset(tmp_path / "private", context={"privacy": {"pseudonyms": True}})
    assert dataset.path.is_absolute()
    run = compose(["experiment=plain", "seed=1", f"dataset.manifest={dataset.path}"], config_dir)
    record = train(run, places)
    client = connect(places.store)
    tracked = client.get_run(record["run_id"])
    told = [*tracked.data.params.values(), *tracked.data.tags.values()]
    told += [one.dataset.source for one in tracked.inputs.dataset_inputs]
    told.append(Path(client.download_artifacts(record["run_id"], "config.yaml")).read_text())
    assert tracked.data.params["dataset.manifest"] == "manifest.json"
    assert not [text for text in told if str(tmp_path) in text]
