"""The alias moves only to a run that beats the champion on the same items."""

import pytest

from seqmill.comparison.promote import promote
from seqmill.errors import InputError
from seqmill.files import write_json
from seqmill.tracking.record import log_evaluation
from seqmill.tracking.registry import champion_version, resolve_model
from seqmill.tracking.run import open_run
from seqmill.tracking.store import connect
from tests.comparison.conftest import scored_items, write_run

DIGEST = "ab" * 32


@pytest.fixture
def store(empty_store, tmp_path):
    path = tmp_path / "mlflow.db"
    path.write_bytes(empty_store.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def make_run(store, tmp_path):
    """Make a trained, scored and logged run that misses the named alleles of each cell."""

    def make(name, missed, *, digest=DIGEST, logged=True, **options):
        items = scored_items(missed, 4, **options)
        folder = write_run(tmp_path / name, items, experiment=name, seed=1, digest=digest)
        (folder / "checkpoint.ckpt").write_text(name)
        write_json(folder / "calibration.json", {"of": name})
        with open_run(store, "toys", name=name) as run:
            run.file(folder / "checkpoint.ckpt", "model")
        write_json(folder / "train.json", {"run_id": run.run_id})
        if logged:
            files = [folder / file for file in ("metrics.json", "items.parquet", "calibration.json")]
            log_evaluation(store, run.run_id, {}, files)
        return folder, run.run_id

    return make


def champion(store, name="seqmill-demo"):
    return resolve_model(f"models:/{name}@champion", uri=store).read_text()


def test_the_first_model_of_a_name_is_its_champion(store, make_run):
    verdict = promote(str(make_run("a", range(30))[0]), store)
    assert (verdict["promoted"], verdict["version"]) == (True, 1)
    assert verdict["reason"] == "seqmill-demo has no champion yet"
    assert champion(store) == "a"


@pytest.mark.parametrize(
    ("missed", "promoted", "reason"),
    [
        (range(10), True, "it beats the champion: the 95 % interval of the difference is [+"),
        (range(60), False, "it is worse than the champion: the 95 % interval of the difference is [-"),
        ([*range(29), 31], False, "it cannot be told from the champion: the 95 % interval"),
    ],
)
def test_the_alias_moves_only_to_a_better_run(store, make_run, missed, promoted, reason):
    promote(str(make_run("a", range(30))[0]), store)
    folder, run_id = make_run("b", missed)
    verdict = promote(str(folder), store)
    assert (verdict["promoted"], verdict["run_id"], verdict["version"]) == (promoted, run_id, 2)
    assert verdict["reason"].startswith(reason)
    assert champion(store) == ("b" if promoted else "a")
    gap = verdict["difference"]
    assert gap["low"] <= gap["value"] <= gap["high"]
    assert gap["value"] == pytest.approx(verdict["value"] - verdict["champion"]["value"])


def test_what_is_sure_at_one_level_need_not_be_at_a_higher_one(store, make_run):
    promote(str(make_run("a", range(30))[0]), store)
    folder = str(make_run("b", range(28))[0])
    assert not promote(folder, store, level=0.999)["promoted"]
    assert promote(folder, store, level=0.9)["promoted"]


def test_a_run_of_the_store_needs_no_folder_and_becomes_one_version(store, make_run):
    promote(str(make_run("a", range(30))[0]), store)
    _, run_id = make_run("b", range(5))
    assert promote(run_id, store)["promoted"]
    checkpoint = resolve_model("models:/seqmill-demo@champion", uri=store)
    assert checkpoint.with_name("calibration.json").is_file()
    again = promote(run_id, store)
    assert not again["promoted"]
    assert again["reason"] == "it is the champion already (version 2)"
    assert champion_version(connect(store), "seqmill-demo").version == 2


def test_one_cell_may_decide(store, make_run):
    promote(str(make_run("a", range(30))[0]), store)
    folder = str(make_run("b", range(5))[0])
    verdict = promote(folder, store, metric="recall.genotype.clean.10x.snp")
    assert verdict["promoted"]
    assert verdict["difference"]["n"] == 304
    with pytest.raises(InputError, match=r"found 'f1.allele.dirty', wanted MEASURE.LEVEL.CELL .* overall, "):
        promote(folder, store, metric="f1.allele.dirty")


def test_another_dataset_is_refused_with_what_differs(store, make_run):
    promote(str(make_run("a", range(30))[0]), store)
    folder = str(make_run("b", range(5), digest="cd" * 32, truths=250)[0])
    wanted = r"scored on dataset demo \(cdcd.*\), the champion \(version 1\), run .* on demo \(abab.*\); "
    with pytest.raises(InputError, match=wanted + "750 test items are in both, of 750 and 900"):
        promote(folder, store)
    assert len(connect(store).search_model_versions("name = 'seqmill-demo'")) == 1
    assert promote(folder, store, name="other")["promoted"]


def test_other_rules_of_scoring_are_refused(store, make_run):
    promote(str(make_run("a", range(30))[0]), store)
    with pytest.raises(InputError, match="by different rules: 600 test items are in both, of 600 and 900"):
        promote(str(make_run("b", range(5), cells=("clean.10x.snp", "clean.10x.indel"))[0]), store)


@pytest.mark.parametrize(
    ("experiment", "told"),
    [
        ("a_ensemble", "an ensemble, found a_ensemble; wanted one trained run: .* promote a seed of a$"),
        ("bcftools", "not trained .* as the baseline bcftools; wanted the folder of a trained run"),
    ],
)
def test_what_is_not_one_trained_model_is_refused_and_not_registered(store, tmp_path, experiment, told):
    folder = write_run(
        tmp_path / experiment, scored_items(range(5), 4), experiment=experiment, seed=None, digest=DIGEST
    )
    (folder / "train.json").unlink(missing_ok=True)
    with pytest.raises(InputError, match=told):
        promote(str(folder), store)
    assert not connect(store).search_registered_models()


def test_a_champion_is_held_against_though_its_folder_is_gone(store, make_run):
    folder, _ = make_run("a", range(30), logged=False)
    promote(str(folder), store)
    for file in folder.iterdir():
        file.unlink()
    assert promote(str(make_run("b", range(5))[0]), store)["promoted"]


def test_what_was_not_scored_or_is_unknown_is_named(store, make_run, tmp_path):
    folder, run_id = make_run("a", range(30), logged=False)
    with pytest.raises(InputError, match=r"metrics.json and items.parquet not in .*; score it with"):
        promote(run_id, store)
    with pytest.raises(InputError, match="run 0123: neither a folder nor a run"):
        promote("0123", store)
    (folder / "metrics.json").unlink()
    with pytest.raises(InputError, match=r"no metrics.json; make it first with 'seqmill evaluate'"):
        promote(str(folder), store)
