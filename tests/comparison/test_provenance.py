"""Facts, runs and commands."""

import pytest

from seqmill.comparison.provenance import commands, configs, facts, run_table
from seqmill.comparison.runs import load_callers


@pytest.fixture
def callers(study):
    return load_callers(study.runs, study.baselines)


def test_facts_name_the_digest_and_the_commit_where_given(manifest):
    assert ("dataset digest", manifest.digest) in facts(manifest, git_commit=None)
    assert "git commit" not in dict(facts(manifest, git_commit=None))
    assert dict(facts(manifest, git_commit="abc"))["git commit"] == "abc"


def test_run_table(callers):
    further, rows = run_table(callers)
    assert further == ["calibration.temperature"]
    by_name = {row["name"]: row for row in rows}
    assert by_name["good/1"]["columns"] == [1, "48,211", 8, 7, "1.2", "5,230", "1.4"]
    assert by_name["good/1"]["run_id"] == "0123456789abcdef0123456789abcdef"
    assert set(by_name["caller/-"]["columns"]) == {"\N{EN DASH}"}


def test_configs_are_those_of_trained_callers(callers):
    assert [config["name"] for config in configs(callers)] == [
        "fair, seed 1",
        "good, seed 1",
        "scalars, seed 1",
    ]
    assert "experiment: good" in configs(callers)[1]["text"]


def test_commands_train_score_and_compare(callers, manifest, study):
    listed = commands(callers, manifest, ["seqmill", "compare", "--run", "a b"]).splitlines()
    assert listed[-1] == "seqmill compare --run 'a b'"
    assert sum(line.startswith("seqmill train experiment=good") for line in listed) == 2
    assert any(line.startswith("seqmill evaluate --baseline caller") for line in listed)


def test_commands_average_sites_and_seeds(averaged, manifest, study, make):
    ensemble = make.run(
        averaged.folder.parent / "ensemble",
        make.items(range(2), 0),
        experiment="good_ensemble",
        seed=None,
        digest=manifest.digest,
        trained=False,
        members=["good"],
    )
    callers = load_callers([*study.runs, averaged.folder, ensemble], study.baselines)
    listed = commands(callers, manifest, ["seqmill", "compare"]).splitlines()
    assert (
        "seqmill federated average north/checkpoint.ckpt south/checkpoint.ckpt"
        f" --output {averaged.folder} --experiment good_federated"
    ) in listed
    assert f"seqmill evaluate --run {averaged.folder} --manifest {manifest.path}" in listed
    members = " ".join(str(study.folders["good", seed]) for seed in (1, 2))
    assert f"seqmill evaluate --member {members} --manifest {manifest.path} --output-dir {ensemble}" in listed


def test_commands_average_several_experiments_under_their_name(manifest, study, make):
    mixed = make.run(
        study.folders["good", 1].parent / "mixed",
        make.items(range(2), 0),
        experiment="both_ensemble",
        seed=None,
        digest=manifest.digest,
        trained=False,
        members=["fair", "good"],
    )
    listed = commands(load_callers([*study.runs, mixed], study.baselines), manifest, ["seqmill", "compare"])
    (line,) = [line for line in listed.splitlines() if "--member" in line]
    assert f"--name both --manifest {manifest.path} --output-dir {mixed}" in line
    found = line.split("--member ")[1].split(" --name")[0].split()
    assert sorted(found) == sorted(
        str(path) for (name, _), path in study.folders.items() if name in ("fair", "good")
    )
