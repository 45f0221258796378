"""What is ranked: options of the verb, files, mistakes."""

import pytest

from seqmill.applications.drug_response.spec import APPLICATION as RESPONSE
from seqmill.applications.small_variants.spec import APPLICATION as PILEUPS
from seqmill.plan.ranked import ranked_files, ranked_options, ranking_problems

FULL = {
    "experiment": "net",
    "profiles": "p.yaml",
    "drugs": ["a b", "c"],
    "explained": 0,
    "safety": ["x.ckpt", "y.ckpt"],
    "safety_manifest": "m.json",
}


def test_entries_become_options_and_inputs():
    assert ranked_options({"experiment": "net"}) == []
    assert ranked_files(FULL) == ["p.yaml", "x.ckpt", "y.ckpt", "m.json"]
    assert ranked_options(FULL) == [
        *("--profiles", "p.yaml", "--safety", "x.ckpt", "y.ckpt", "--safety-manifest", "m.json"),
        *("--drug", "a b", "c", "--explained", "0"),
    ]


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ranked_files(FULL):
        (tmp_path / name).touch()


def test_what_can_be_done_has_no_problem(files):
    assert list(ranking_problems({"rank": {"mine": FULL}}, ["net"], RESPONSE)) == []


def test_mistakes_are_named(files):
    entry = {"experiment": "nett", "molecules": "gone.yaml", "safety": ["x.ckpt"]}
    found = list(ranking_problems({"rank": {"mine": entry}}, ["net"], PILEUPS))
    assert [one.split(":")[0] for one in found] == ["rank", "rank.mine.experiment", "rank.mine", "rank.mine"]
    assert "models of small_variants read no profiles" in found[0]
    assert "did you mean 'net'" in found[1]
    assert "belong together" in found[2]
    assert "gone.yaml: no such file" in found[3]
