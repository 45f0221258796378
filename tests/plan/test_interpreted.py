"""Explanations and effects of a configuration: options of the verbs, files, mistakes."""

import pytest

from seqmill.applications.accessibility.spec import APPLICATION as ENDS
from seqmill.applications.small_variants.spec import APPLICATION as PILEUPS
from seqmill.plan.interpreted import asked_files, asked_options, interpretation_problems, with_copies

CONFIG = {
    "explain": {
        "all": {"motifs": "k.meme", "insert": ["A", "B"], "most": 9},
        "own": {"regions": "r.bed", "target": "open"},
    },
    "effects": {"eve": {"vcf": "v.vcf", "regions": "r.bed"}},
}


def test_entries_become_options_and_inputs():
    assert asked_options(CONFIG, "explain", "all", manifest="m.json") == [
        *("--motifs", "k.meme", "--most", "9", "--insert", "A", "B", "--manifest", "m.json")
    ]
    assert asked_options(CONFIG, "explain", "own", manifest="m.json") == [
        *("--regions", "r.bed", "--target", "open")
    ]
    assert asked_options(CONFIG, "effects", "eve") == ["--vcf", "v.vcf", "--regions", "r.bed"]
    assert asked_files(CONFIG, "explain", "all") == ["k.meme"]
    assert asked_files(CONFIG, "effects", "eve") == ["v.vcf", "r.bed"]


def test_files_at_addresses_get_the_paths_of_their_copies():
    asked = []

    def copy_of(path: str, *, where: str) -> str:
        asked.append(where)
        return f"copy/{path}"

    found = with_copies(CONFIG, copy_of)
    assert found["effects"]["eve"] == {"vcf": "copy/v.vcf", "regions": "copy/r.bed"}
    assert found["explain"]["all"] == {**CONFIG["explain"]["all"], "motifs": "copy/k.meme"}
    assert sorted(asked)[0] == "effects.eve.regions"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("k.meme", "r.bed", "v.vcf"):
        (tmp_path / name).touch()


def test_what_can_be_done_has_no_problem(files):
    assert list(interpretation_problems(CONFIG, ENDS)) == []


def test_models_that_read_no_dna_names_without_a_file_and_missing_files_are_told(files):
    first, *_ = interpretation_problems(CONFIG, PILEUPS)
    assert first.startswith("explain: found all, own, but models of small_variants do not read DNA")
    bad = {"explain": {"a": {"insert": ["X"]}}, "effects": {"b": {"vcf": "results/calls/predict/eve.vcf.gz"}}}
    assert list(interpretation_problems(bad, ENDS)) == [
        "explain.a.insert: found names of motifs, but no file; name it as motifs",
        "effects.b.vcf: results/calls/predict/eve.vcf.gz: no such file; the dataset 'calls' makes it, run "
        "snakemake with its configuration first",
    ]
