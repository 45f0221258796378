"""A plan is read as a whole, and every mistake in it is told at once."""

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.profiles.plan import load_profiles_plan
from tests.profiles import cohort


def problems(path):
    with pytest.raises(ConfigErrors) as raised:
        load_profiles_plan(path)
    return raised.value.problems


def test_folds_of_each_kind_play_the_part_of_contigs(plan):
    assert plan.contigs == {f"{kind}_{fold}": 1 for kind in ("pair", "cell", "family") for fold in range(4)}
    assert plan.samples == ("screen",)
    names = [path.rsplit("/", 1)[1] for path in plan.paths]
    assert names == ["expression.csv", "dosage.tsv", "lengths.tsv", "drugs.tsv", "responses.csv"]


def test_variables_of_the_environment_are_filled_in(tmp_path, monkeypatch):
    monkeypatch.setenv("SCREEN", str(tmp_path))
    changed = cohort.content(tmp_path)
    changed["rows"][0]["path"] = "$SCREEN/responses.csv"
    assert str(tmp_path / "responses.csv") in load_profiles_plan(cohort.write(tmp_path, changed)).paths


def test_all_mistakes_of_keys_are_told_at_once(tmp_path):
    changed = cohort.content(tmp_path)
    changed["profiles"]["blocks"]["expression"]["sourc"] = "table"
    changed["rows"][0]["labels"] = {}
    found = problems(cohort.write(tmp_path, changed))
    assert any("profiles.blocks.expression.sourc" in one and "source" in one for one in found)
    assert any("rows[0]" in one and "labels" in one for one in found)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"folds": {"cell": ["profil"]}}, "folds.cell: found 'profil'"),
        ({"folds": {"cell": ["molecule.colour"]}}, "molecule.family"),
        ({"folds": {}}, "rows, folds"),
        ({"folds": {"a b": ["profile"]}}, "folds.a b"),
        ({"molecules": None}, "molecules: not given, but rows of screen name one"),
        ({"fold_count": 2}, "fold_count: found 2, want at least 3"),
        ({"profiles": {"id": "line", "blocks": {}}}, "blocks: found none"),
        ({"profiles": {"id": "line", "blocks": {"a.b": {"path": "x"}}}}, "a.b: want a name"),
        ({"profiles": {"id": "line", "blocks": {"x": {"path": "gone.tsv"}}}}, "gone.tsv: no such file"),
        ({"profiles": {"id": "line", "blocks": {"x": {"path": "$NOWHERE/x"}}}}, "variable that is not set"),
        ({"profiles": {"id": "line", "blocks": {"x": {"path": "x", "source": "tabel"}}}}, "did you mean"),
    ],
)
def test_each_mistake_names_key_and_what_is_wanted(tmp_path, monkeypatch, change, words):
    monkeypatch.delenv("NOWHERE", raising=False)
    found = problems(cohort.write(tmp_path, change))
    assert any(words in one for one in found), found


def test_options_of_a_source_are_checked_by_its_own_type(tmp_path):
    changed = cohort.content(tmp_path)
    changed["profiles"]["blocks"]["expression"]["options"] = {"colums": "tp53"}
    (found,) = problems(cohort.write(tmp_path, changed))
    assert found.startswith("profiles.blocks.expression.options.colums: unknown key")


def test_rows_about_nothing_are_refused(tmp_path):
    changed = cohort.content(tmp_path)
    changed["rows"][0] |= {"profile": "", "molecule": ""}
    assert any("profile, molecule: found neither" in one for one in problems(cohort.write(tmp_path, changed)))


def test_a_plan_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="there is no such plan"):
        load_profiles_plan(tmp_path / "gone.yaml")
