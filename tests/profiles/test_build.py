"""What is written tells what it holds; its digest is of content alone."""

import json

import pytest

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.privacy.keys import find_key
from seqmill.privacy.pseudonyms import pseudonym
from seqmill.profiles.build import INDEX, build_profiles
from seqmill.profiles.plan import load_profiles_plan
from seqmill.profiles.rows import read_written
from seqmill.profiles.table import read_table
from tests.profiles import cohort


def test_the_index_tells_what_the_files_hold(tmp_path, plan):
    folder = tmp_path / "raw"
    index = build_profiles(plan, folder)
    assert index == json.loads((folder / INDEX).read_text())
    assert index["contigs"] == plan.contigs
    for facts in index["tables"].values():
        table = read_table(folder / facts["file"])
        assert facts["sha256"] == sha256_file(folder / facts["file"])
        assert (facts["content"], facts["layout"], facts["rows"]) == (
            table.digest,
            table.layout,
            len(table.ids),
        )
    assert index["tables"]["profiles"]["dropped"] == {"all_missing": 2}
    assert index["samples"]["screen"]["rows"] == read_written(folder / "screen.rows.parquet").num_rows == 5


def test_the_report_of_a_sample_tells_its_files(tmp_path, plan):
    build_profiles(plan, tmp_path / "raw")
    report = json.loads((tmp_path / "raw" / "screen.report.json").read_text())
    assert report["inputs"] == [{"name": "responses.csv", "sha256": sha256_file(tmp_path / "responses.csv")}]
    assert report["sample"] == "screen"


def test_the_checksum_sees_the_tables_and_not_their_place(tmp_path, plan):
    first = build_profiles(plan, tmp_path / "one")["checksum"]
    assert build_profiles(plan, tmp_path / "two")["checksum"] == first
    changed = cohort.EXPRESSION.replace("L1,1.5", "L1,1.25")
    other = load_profiles_plan(cohort.write(tmp_path, **{"expression.csv": changed}))
    assert build_profiles(other, tmp_path / "three")["checksum"] != first


def test_after_a_mistake_nothing_is_written(tmp_path, plan):
    (tmp_path / "responses.csv").write_text("line,drug,auc,dead\nL9,aspirin,1,0\n")
    with pytest.raises(InputError):
        build_profiles(plan, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


@pytest.fixture
def key(monkeypatch):
    monkeypatch.setenv("SEQMILL_KEY", "0f" * 32)
    return find_key()


def test_pseudonyms_stand_for_persons_and_tie_rows_to_the_same_profiles(tmp_path, plan, key):
    build_profiles(plan, tmp_path / "named")
    build_profiles(plan, tmp_path / "pseudonymous", pseudonymous=True)
    named, other = (read_table(tmp_path / at / "profiles.parquet") for at in ("named", "pseudonymous"))
    assert set(other.ids) == {pseudonym(key, one) for one in named.ids}
    where = {one: row for row, one in enumerate(other.ids)}
    order = [where[pseudonym(key, one)] for one in named.ids]
    for name, block in named.blocks.items():
        assert (other.blocks[name].mask[order] == block.mask).all()
        assert (other.blocks[name].values[order][block.mask] == block.values[block.mask]).all()
    screen = pseudonym(key, "screen")
    files = [tmp_path / "named" / "screen.rows.parquet", tmp_path / "pseudonymous" / f"{screen}.rows.parquet"]
    rows = [read_written(file) for file in files]
    pairs = [[(row["profile_id"], row["molecule_id"]) for row in one.to_pylist()] for one in rows]
    assert pairs[1] == [(pseudonym(key, person), molecule) for person, molecule in pairs[0]]
    for row in rows[1].to_pylist():
        assert other.ids[row["profile"]] == row["profile_id"]


def test_the_report_of_a_pseudonymous_sample_names_neither_it_nor_its_files(tmp_path, plan, key):
    index = build_profiles(plan, tmp_path / "raw", pseudonymous=True)
    screen = pseudonym(key, "screen")
    report = json.loads((tmp_path / "raw" / f"{screen}.report.json").read_text())
    assert report["sample"] == screen and list(index["samples"]) == [screen]
    assert [one["name"] for one in report["inputs"]] == [f"{screen}.1.csv"]


def test_encrypted_tables_hold_the_same_and_nothing_in_the_clear(tmp_path, plan, key, monkeypatch):
    plain = build_profiles(plan, tmp_path / "plain")
    sealed = build_profiles(plan, tmp_path / "sealed", encrypted=True)
    assert sealed["checksum"] == plain["checksum"]
    for name in ("profiles.parquet", "molecules.parquet", "screen.rows.parquet"):
        content = (tmp_path / "sealed" / name).read_bytes()
        assert content.startswith(b"PARE") and b"seqmill" not in content
    monkeypatch.setenv("SEQMILL_KEY", "ab" * 32)
    with pytest.raises(InputError, match="encrypted under key"):
        read_table(tmp_path / "sealed" / "profiles.parquet")
    monkeypatch.delenv("SEQMILL_KEY")
    with pytest.raises(InputError, match="no key"):
        read_written(tmp_path / "sealed" / "screen.rows.parquet")


@pytest.mark.parametrize(
    "wrong", [{"expression.csv": "line,tp53\nL1,Mary\n"}, {"responses.csv": "line,auc\nL1,1\n"}]
)
def test_under_pseudonyms_a_mistake_is_told_without_what_the_file_holds(tmp_path, key, wrong):
    plan = load_profiles_plan(cohort.write(tmp_path, **wrong))
    with pytest.raises(InputError, match="without --pseudonyms") as caught:
        build_profiles(plan, tmp_path / "raw", pseudonymous=True)
    assert "Mary" not in str(caught.value) and not (tmp_path / "raw").exists()


def test_molecules_that_are_the_same_are_counted(tmp_path):
    pytest.importorskip("rdkit", reason='needs pip install "seqmill[molecules]"')
    changed = cohort.content(tmp_path)
    drugs = str(tmp_path / "drugs.tsv")
    changed["molecules"]["blocks"]["length"] = {"path": drugs, "source": "smiles", "options": {"length": 30}}
    changed["molecules"]["texts"]["same"] = {"path": drugs, "column": "smiles", "source": "canonical"}
    changed["folds"] = {"molecule": ["molecule.same"]}
    again = cohort.DRUGS + "spirit\tOCC\talcohol\nASA\tO=C(C)Oc1ccccc1C(O)=O\tnsaid\n"
    rows = cohort.RESPONSES + "L2,ASA,0.4,0,south\n"
    plan = load_profiles_plan(cohort.write(tmp_path, changed, **{"drugs.tsv": again, "responses.csv": rows}))
    index = build_profiles(plan, tmp_path / "raw")
    assert index["tables"]["molecules"]["duplicates"] == 2
    assert index["tables"]["profiles"]["duplicates"] == 0
    found = read_written(tmp_path / "raw" / "screen.rows.parquet").to_pylist()
    folds = {row["fold.molecule"] for row in found if row["molecule_id"] in ("aspirin", "ASA")}
    assert len(folds) == 1
