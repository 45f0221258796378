"""Documents hold what they promise: every key explained, every link to a file alive, plain pins."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "config" / "README.md", ROOT / "config" / "real" / "README.md"]
PAGES += sorted((ROOT / "docs").glob("*.md"))


def schema(name: str) -> dict:
    return yaml.safe_load((ROOT / "workflow" / "schemas" / f"{name}.schema.yaml").read_text())


@pytest.mark.parametrize("name", ["config", "samples", "experiments"])
def test_every_key_is_explained(name: str):
    text = (ROOT / "config" / "README.md").read_text()
    for key, rule in schema(name)["properties"].items():
        assert rule["description"].endswith(".")
        nested = rule.get("properties", {}) if name == "config" and rule.get("default") == {} else {}
        for path in [f"{key}.{inner}" for inner in nested] or [key]:
            assert f"| `{path}` |" in text, path


def test_every_key_of_a_sweep_is_explained():
    text = (ROOT / "config" / "README.md").read_text()
    for key, rule in schema("sweeps")["additionalProperties"]["properties"].items():
        assert rule["description"].endswith(".")
        assert f"| `{key}` |" in text, key


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_to_files_are_alive(page: Path):
    text = page.read_text()
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    dead = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not dead


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-bench.txt"])
def test_pins_are_plain_versions(name: str):
    lines = (ROOT / name).read_text().splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in lines)
    assert "torch==2.13.0" in lines
