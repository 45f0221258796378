"""Teachers are asked about the examples that are learnt from, and are part of what a run is made of."""

from types import SimpleNamespace

import pytest

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.shards.loader import Loader
from seqmill.tracking.store import connect
from seqmill.training import checkpoint
from seqmill.training.teachers import find_teachers, give_teachers
from seqmill.training.train import Places, train


class Student:
    """Remembers what it was told."""

    def take_teachers(self, teachers, batches):
        self.teachers, self.batches = teachers, list(batches)


@pytest.fixture
def trained(compose_run, places):
    """A trained checkpoint of the toy."""
    train(compose_run("trainer.epochs=1"), places)
    return places.output / "checkpoint.ckpt"


def found(*paths):
    run = SimpleNamespace(augmentation=SimpleNamespace(teachers=tuple(map(str, paths))))
    return find_teachers(run, "")


@pytest.mark.parametrize("fraction", [1.0, 0.4])
def test_teachers_see_the_examples_that_are_learnt_from_once_in_stored_order(trained, manifest, fraction):
    student, checks = Student(), []
    give_teachers(student, found(trained, trained), manifest, fraction, check=lambda: checks.append(1))
    assert len(student.teachers) == 2 and not any(one.training for one in student.teachers)
    stored = Loader(manifest, "train", batch_size=7, seed=0, shuffle=False, threads=0, fraction=fraction)
    wanted = [one for batch in stored.epoch(0) for one in batch["example_id"].tolist()]
    assert [one for batch in student.batches for one in batch["example_id"].tolist()] == wanted
    assert len(checks) == len(student.batches)


def test_who_stops_is_asked_before_anything_is_told(trained, manifest):
    def check():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        give_teachers(Student(), found(trained), manifest, 1.0, check=check)


def test_an_application_without_teachers_asks_nothing(compose_run, manifest):
    run = compose_run()
    assert find_teachers(run, "") == ()
    give_teachers(object(), (), manifest, 1.0, check=lambda: None)


def test_a_teacher_that_is_not_there_or_of_other_examples_is_a_mistake(trained, manifest, toy, tmp_path):
    with pytest.raises(InputError, match=r"gone\.ckpt: no such checkpoint"):
        found("gone.ckpt")
    wide = toy.write_dataset(tmp_path / "wide", width=toy.WIDTH + 1)
    with pytest.raises(InputError, match=r"checkpoint\.ckpt: the model was .* another encoding: .*width"):
        give_teachers(Student(), found(trained), wide, 1.0, check=lambda: None)


def test_a_run_records_its_teachers(trained, compose_run, places, tmp_path, toy, monkeypatch):
    taken = []
    monkeypatch.setattr(toy.Noise, "teachers", (str(trained),), raising=False)
    monkeypatch.setattr(
        toy.ToyTask, "take_teachers", lambda self, teachers, batches: taken.append(teachers), raising=False
    )
    output = tmp_path / "student"
    record = train(
        compose_run("trainer.epochs=1"),
        Places(output=output, state=places.state, store=places.store, store_experiment="toys"),
    )
    assert len(taken) == 1
    tags = connect(places.store).get_run(record["run_id"]).data.tags
    assert tags["teachers_sha256"] == sha256_file(trained)
    facts = checkpoint.read_facts(output / "checkpoint.ckpt")
    parents = checkpoint.origin(output / "checkpoint.ckpt", facts).parents
    assert [parent.kind for parent in parents] == ["dataset", "checkpoint"]
    assert parents[1].digest == checkpoint.read_facts(trained)["weights_digest"]
