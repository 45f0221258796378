"""Profiles are complete, each for itself."""

import re

import pytest
import yaml

from tests.workflow.conftest import ROOT

PROFILES = sorted(path.parent.name for path in (ROOT / "profiles").glob("*/config.yaml"))
RESOURCE_KEYS = {"default-resources", "set-resources", "set-threads", "resources"}


def content(name: str) -> dict:
    return yaml.safe_load((ROOT / "profiles" / name / "config.yaml").read_text())


def test_the_default_profile_sets_no_resources():
    assert not RESOURCE_KEYS & set(content("default"))


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "default"])
def test_a_cluster_profile_names_rules_that_exist(name: str):
    rules = {
        rule
        for path in (ROOT / "workflow" / "rules").glob("*.smk")
        for rule in re.findall(r"^ *rule (\w+):$", path.read_text(), flags=re.M)
    }
    named = {rule for key in ("set-resources", "set-threads") for rule in content(name).get(key, {})}
    assert named
    assert named <= rules


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "default"])
def test_a_cluster_profile_gives_training_its_resources(snakemake, name: str):
    said = snakemake("-n", "--workflow-profile", str(ROOT / "profiles" / name))
    train = re.search(r"^rule train:\n(.*?)\n\n", said, flags=re.M | re.S).group(1)
    wanted = content(name)["set-resources"]["train"]
    assert f"gpu={wanted['gpu']}" in train
    assert f"runtime={wanted['runtime']}" in train
