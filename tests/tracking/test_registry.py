"""The best run gets a name, and the name leads back to its checkpoint."""

import pytest

from seqmill.errors import InputError
from seqmill.tracking.registry import register_best, resolve_model
from seqmill.tracking.store import connect


def test_the_lowest_validation_loss_wins_by_default(store, make_run):
    runs = [make_run("a", 0.5, f1=0.9), make_run("b", 0.3, f1=0.7), make_run("c", 0.4, f1=0.8)]
    made = register_best(store, runs, name="caller")
    assert (made["run"], made["value"], made["version"]) == (str(runs[1]), 0.3, 1)
    assert resolve_model("models:/caller@champion", uri=store).read_bytes() == b"b"


def test_the_highest_score_wins_when_one_is_named(store, make_run):
    runs = [make_run("a", 0.5, f1=0.9), make_run("b", 0.3, f1=0.7)]
    assert register_best(store, runs, name="caller", metric="f1")["run"] == str(runs[0])


def test_versions_count_up_and_the_alias_moves(store, make_run):
    register_best(store, [make_run("a", 0.5)], name="caller")
    assert register_best(store, [make_run("b", 0.4)], name="caller")["version"] == 2
    assert resolve_model("models:/caller@champion", uri=store).read_bytes() == b"b"
    assert resolve_model("models:/caller/1", uri=store).read_bytes() == b"a"
    version = connect(store).get_model_version("caller", "1")
    assert version.tags == {"metric": "validation_loss", "value": "0.5"}


def test_the_calibration_comes_with_the_checkpoint(store, make_run):
    run = make_run("a", 0.5)
    (run / "calibration.json").write_text("{}")
    register_best(store, [run], name="caller")
    checkpoint = resolve_model("models:/caller@champion", uri=store)
    assert checkpoint.name == "checkpoint.ckpt"
    assert checkpoint.with_name("calibration.json").read_text() == "{}"


def test_the_store_may_come_from_the_environment(store, make_run, monkeypatch):
    register_best(store, [make_run("a", 0.5)], name="caller")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    assert resolve_model("models:/caller@champion").read_bytes() == b"a"
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    with pytest.raises(InputError, match="which tracking store"):
        resolve_model("models:/caller@champion")


def test_a_path_is_taken_as_it_is(tmp_path):
    path = tmp_path / "c.ckpt"
    path.touch()
    assert resolve_model(str(path)) == resolve_model(path) == path
    with pytest.raises(InputError, match=r"d\.ckpt: no such checkpoint"):
        resolve_model(tmp_path / "d.ckpt")


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("models:/callr@champion", r"not in .* \(did you mean 'caller'\?\)"),
        ("models:/caller@runner-up", "it is known, but not in that version"),
        ("models:/caller/7", "it is known, but not in that version"),
        ("models:/caller", "it is known, but not in that version"),
    ],
)
def test_what_is_not_registered_is_answered_with_what_is(store, make_run, model, message):
    register_best(store, [make_run("a", 0.5)], name="caller")
    with pytest.raises(InputError, match=message):
        resolve_model(model, uri=store)


def test_a_run_without_its_files_or_the_metric_is_named(store, make_run, tmp_path):
    run = make_run("a", 0.5, **{"f1.snp": 0.9})
    with pytest.raises(InputError, match=r"no metric 'f1.snps' \(did you mean 'f1.snp'\?\)"):
        register_best(store, [run], name="caller", metric="f1.snps")
    with pytest.raises(InputError, match=r"train\.json: no such file; is the run complete"):
        register_best(store, [tmp_path / "nowhere"], name="caller")
    with pytest.raises(InputError, match="no runs given"):
        register_best(store, [], name="caller")
