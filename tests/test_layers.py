"""Imports run downwards only, and each layer stays free of what does not concern it."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "seqmill"

# Each layer may import from itself, from the base, and from what is listed for it.
BASE = {"errors", "files", "node", "origin", "progress", "revision", "stopping", "typed", ""}
MAY_IMPORT = {
    "genome": set(),
    "pages": set(),
    "privacy": set(),
    "reads": {"genome", "privacy"},
    "shards": {"genome", "reads", "privacy"},
    "models": set(),
    "simulate": {"genome", "reads"},
    "tracking": {"models", "shards", "genome"},
    "profiles": {"genome", "reads", "privacy"},
    "association": {"pages", "profiles"},
    "applications": {"models", "shards", "genome", "reads", "profiles"},
    "training": {"tracking", "applications", "models", "shards", "genome", "profiles"},
    "evaluation": {"profiles", "training", "tracking", "applications", "models", "shards", "genome", "reads"},
    "interpretation": {
        "pages",
        "training",
        "tracking",
        "applications",
        "models",
        "shards",
        "genome",
        "profiles",
    },
    "comparison": {
        "pages",
        "evaluation",
        "interpretation",
        "training",
        "tracking",
        "applications",
        "shards",
        "genome",
        "reads",
    },
    "packing": {"genome"},
    "peaks": {"genome", "reads"},
    "therapy": {
        "pages",
        "evaluation",
        "interpretation",
        "training",
        "applications",
        "models",
        "shards",
        "profiles",
    },
    "plan": {"simulate", "packing", "profiles", "peaks", "applications", "genome", "privacy"},
    "lineage": {"evaluation", "training", "tracking", "applications", "shards", "genome"},
}
FORBIDDEN = {
    "genome": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "reads": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "shards": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "simulate": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "privacy": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "profiles": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "peaks": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "association": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "packing": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "plan": {"torch", "pytorch_lightning", "mlflow", "snakemake"},
    "applications": {"mlflow", "snakemake"},
    "training": {"snakemake"},
    "evaluation": {"snakemake"},
    "interpretation": {"snakemake"},
    "comparison": {"snakemake"},
    "lineage": {"snakemake"},
    "therapy": {"snakemake"},
    "tracking": {"snakemake"},
    "cli": {"snakemake"},
}
HEAVY = {
    "torch",
    "mlflow",
    "pytorch_lightning",
    "pyarrow",
    "pysam",
    "numba",
    "scipy",
    "plotly",
    "numpy",
    "pandas",
}


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Give the dotted names of all modules a file imports."""
    tree = ast.parse(path.read_text())
    nodes = tree.body if top_level_only else ast.walk(tree)
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def layer_files(layer: str) -> list[Path]:
    return sorted((PACKAGE / layer).rglob("*.py"))


def layers_of(names: set[str]) -> set[str]:
    return {name.split(".")[1] if "." in name else "" for name in names if name.split(".")[0] == "seqmill"}


def test_every_folder_is_a_known_layer():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders <= {*MAY_IMPORT, "cli"}


@pytest.mark.parametrize("layer", MAY_IMPORT)
def test_imports_run_downwards(layer: str):
    allowed = MAY_IMPORT[layer] | BASE | {layer}
    upward = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in layer_files(layer)
        for name in layers_of(imports(path)) - allowed
    }
    assert not upward


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_layers_stay_free_of_foreign_packages(layer: str):
    found = {
        f"{path.relative_to(PACKAGE)} imports {name}"
        for path in layer_files(layer)
        for name in imports(path)
        if name.split(".")[0] in FORBIDDEN[layer]
    }
    assert not found


def test_only_the_entry_point_names_an_application():
    names = {path.name for path in (PACKAGE / "applications").iterdir() if (path / "spec.py").is_file()}
    assert names
    outside = [path for path in PACKAGE.rglob("*.py") if names.isdisjoint(path.relative_to(PACKAGE).parts)]
    found = {
        str(path.relative_to(PACKAGE))
        for path in outside
        for name in imports(path)
        if set(name.split(".")) & names
    }
    assert not found


@pytest.mark.parametrize("path", layer_files("cli"), ids=lambda path: path.stem)
def test_the_command_line_imports_heavy_packages_when_it_needs_them(path: Path):
    at_start = {name.split(".")[0] for name in imports(path, top_level_only=True)}
    assert not at_start & HEAVY
