"""Profiles are complete, each for itself: every rule has the resources of the table, on the right nodes."""

import re
from typing import Any

import pytest
import yaml

from seqmill.plan.schema import load_schema, schema_problems
from tests.workflow.conftest import ROOT

PROFILES = sorted(path.parent.name for path in (ROOT / "profiles").glob("*/config.yaml"))
CLUSTERS = [name for name in PROFILES if name != "default"]
RESOURCE_KEYS = {"default-resources", "set-resources", "set-threads", "resources", "groups"}

# rule: threads, MB and minutes of the first and the second attempt, nodes it goes to
SUBMITTED = {
    "simulate": (2, (4000, 8000), (120, 240), "cpu"),
    "pack": (1, (4000, 8000), (120, 240), "cpu"),
    "cohort": (1, (4000, 8000), (120, 240), "cpu"),
    "profiles": (1, (4000, 8000), (120, 240), "cpu"),
    "peaks": (1, (8000, 16000), (240, 480), "cpu"),
    "reads": (8, (16000, 32000), (480, 960), "cpu"),
    "examples": (1, (2000, 4000), (120, 240), "cpu"),
    "collect": (4, (16000, 32000), (240, 480), "highmem"),
    "train": (8, (16000, 20000), (720, 720), "gpu"),
    "evaluate": (4, (8000, 16000), (120, 240), "cpu"),
    "ensemble": (4, (8000, 16000), (120, 240), "cpu"),
    "federated_start": (1, (4000, 8000), (60, 120), "cpu"),
    "federated_train": (4, (8000, 16000), (240, 480), "cpu"),
    "federated_average": (1, (4000, 8000), (60, 120), "cpu"),
    "federated_evaluate": (4, (8000, 16000), (120, 240), "cpu"),
    "baseline": (4, (4000, 8000), (240, 480), "cpu"),
    "compare": (1, (4000, 8000), (120, 240), "cpu"),
    "predict": (4, (8000, 16000), (240, 480), "cpu"),
    "explain": (4, (8000, 16000), (240, 480), "cpu"),
    "effects": (4, (8000, 16000), (240, 480), "cpu"),
    "rank": (4, (8000, 16000), (240, 480), "cpu"),
    "attribute": (4, (4000, 8000), (120, 240), "cpu"),
    "labels": (1, (1000, 2000), (60, 120), "cpu"),
    "scan": (1, (4000, 8000), (240, 480), "cpu"),
}
# The demo has a genome, variants and nobody's data, and a model of pileups reads no DNA.
NOT_IN_DEMO = {
    "pack",
    "cohort",
    "profiles",
    "peaks",
    "explain",
    "effects",
    "rank",
    "attribute",
    "labels",
    "scan",
}
NOT_IN_DEMO |= {f"federated_{step}" for step in ("start", "train", "average", "evaluate")}  # nor sites
LOCAL = {"plan", "compose", "tracking", "store", "merge", "champion"}

# profile: resource that names the nodes, and its values
PLACES = {
    "slurm": ("slurm_partition", {"cpu": "cpu", "highmem": "highmem", "gpu": "gpu"}),
    "lsf": ("lsf_queue", {"cpu": "cpu", "highmem": "highmem", "gpu": "gpu"}),
    "sge": ("sge_queue", {"cpu": "cpu.q", "highmem": "highmem.q", "gpu": "gpu.q"}),
    "pbs": ("pbs_queue", {"cpu": "cpu", "highmem": "highmem", "gpu": "gpu"}),
    "kubernetes": ("k8s_pool", {"cpu": "cpu", "highmem": "highmem", "gpu": "gpu"}),
}


def content(name: str) -> dict[str, Any]:
    return yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text())


def rules() -> dict[str, set[str]]:
    """Give the names of all rules, and of those that run beside Snakemake itself."""
    text = "\n".join(path.read_text() for path in (ROOT / "workflow" / "rules").glob("*.smk"))
    local = re.findall(r"^localrules:\n((?: +\w+,\n)+)", text, flags=re.M)
    return {
        "all": set(re.findall(r"^ *rule (\w+):$", text, flags=re.M)),
        "local": {name for block in local for name in re.findall(r"\w+", block)},
    }


def planned(dry_run: str) -> dict[str, dict[str, str]]:
    """Read threads and resources of each rule from a dry run that lists them all."""
    found = {}
    for name, body in re.findall(
        r"^ *(?:local)?rule (\w+):\n(.*?resources: [^\n]*)", dry_run, flags=re.M | re.S
    ):
        given = re.search(r"resources: (.*)", body).group(1)
        threads = re.search(r"threads: (\d+)", body)
        found[name] = dict(pair.split("=", 1) for pair in given.split(", "))
        found[name]["threads"] = threads.group(1) if threads else "1"
    return found


def at_attempt(expression: int | str, attempt: int) -> int:
    return eval(str(expression), {"attempt": attempt})


def test_the_default_profile_sets_no_resources():
    assert not RESOURCE_KEYS & set(content("default"))


def test_every_rule_is_in_the_table():
    assert rules() == {"all": SUBMITTED.keys() | LOCAL, "local": LOCAL}


def test_every_profile_is_in_the_table():
    assert set(CLUSTERS) == set(PLACES)


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_dry_run_gives_each_rule_the_resources_of_the_table(snakemake, name: str):
    said = snakemake(
        *("-n", "--cores", "64", "--workflow-profile", str(ROOT / "profiles" / name)),
        *("--config", "tracking={'mode': 'merged'}"),
    )
    found = planned(said)
    resource, places = PLACES[name]
    keys = ("threads", "mem_mb", "runtime", resource, "gpu")
    found = {rule: [given.get(key) for key in keys] for rule, given in planned(said).items()}
    for rule, given in found.items():
        print(name, rule, *given)
    demo = SUBMITTED.keys() - NOT_IN_DEMO
    assert demo | LOCAL <= found.keys()
    for rule in demo:
        threads, memory, minutes, place = SUBMITTED[rule]
        gpu = "1" if place == "gpu" else None
        assert found[rule] == [str(threads), str(memory[0]), str(minutes[0]), places[place], gpu], rule


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_profile_names_every_submitted_rule_and_grows_with_the_attempt(name: str):
    profile = content(name)
    assert profile["set-resources"].keys() == SUBMITTED.keys()
    assert profile["retries"] >= 1
    for rule, (_, memory, minutes, _) in SUBMITTED.items():
        given = profile["set-resources"][rule]
        for attempt in (1, 2):
            grown = at_attempt(given["mem_mb"], attempt), at_attempt(given["runtime"], attempt)
            assert grown == (memory[attempt - 1], minutes[attempt - 1]), rule


def test_no_rule_retries_by_itself_since_that_would_not_submit_again():
    for path in (ROOT / "workflow" / "rules").glob("*.smk"):
        assert "retries:" not in path.read_text(), path.name


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_profile_uses_only_resources_of_the_schema(name: str):
    schema = load_schema(ROOT / "workflow" / "schemas", "resources")
    profile = content(name)
    for given in (profile["default-resources"], *profile["set-resources"].values()):
        assert schema_problems(given, schema) == []


def test_every_resource_of_the_schema_says_what_it_is():
    schema = load_schema(ROOT / "workflow" / "schemas", "resources")
    for name, rule in schema["properties"].items():
        assert "$ref" in rule or rule["description"], name


@pytest.mark.parametrize("name", CLUSTERS)
def test_small_jobs_are_grouped(name: str):
    profile = content(name)
    assert profile["groups"] == {"examples": "examples"}
    assert profile["group-components"]["examples"] > 1


def test_neither_slurm_nor_lsf_starts_a_job_again():
    assert content("slurm")["slurm-no-requeue"] is True
    lsf = content("lsf")
    extra = [given.get("lsf_extra") for given in (lsf["default-resources"], lsf["set-resources"]["train"])]
    assert all("-rn" in given for given in extra)
