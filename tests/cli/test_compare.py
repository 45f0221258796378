"""The verb: its three files, and its refusals without a traceback."""

import numpy as np
import pandas as pd
import pytest

from seqmill.cli.compare import command
from seqmill.errors import InputError
from seqmill.evaluation.metrics import write_metrics
from seqmill.files import write_json
from seqmill.shards.manifest import Manifest
from seqmill.shards.schema import Encoding

COUNTS = tuple(f"{kind}_{level}" for level in ("allele", "genotype", "exact") for kind in ("tp", "fp", "fn"))


@pytest.fixture
def manifest(tmp_path):
    split = {"samples": ["ada"], "contigs": ["c1"]}
    built = Manifest(
        path=tmp_path / "dataset" / "manifest.json",
        dataset="demo",
        encoding=Encoding(application="toy", version=1, options={}, columns=()),
        seed=1,
        splits={"test": split},
        reference={"path": "reference.fa", "checksum": "c0ffee"},
        inputs={},
        shards=(),
        program_version="0.1.0",
    )
    built.save()
    write_json(
        built.path.parent / "labels.json",
        {"rows": {"test": 40}, "classes": {"test": {"absent": 40}}, "counts": {}},
    )
    return built


def score(folder, *, experiment, missed, digest):
    hit = np.arange(40) >= missed
    counts = {
        name: (hit if name.startswith("tp") else ~hit & name.startswith("fn")).astype(int) for name in COUNTS
    }
    items = pd.DataFrame({"item": np.arange(40, dtype=np.uint64), "cell": "full.snp", **counts})
    write_metrics(
        folder / "metrics.json",
        items,
        run=experiment,
        experiment=experiment,
        seed=1,
        dataset="demo",
        dataset_digest=digest,
    )
    items.to_parquet(folder / "items.parquet")
    return str(folder)


def call(*args):
    command.main([*map(str, args)], standalone_mode=False)


def test_writes_leaderboard_differences_and_report(manifest, tmp_path, capsys):
    runs = [
        score(tmp_path / name, experiment=name, missed=n, digest=manifest.digest)
        for name, n in [("a", 1), ("b", 9)]
    ]
    old = score(tmp_path / "old", experiment="old", missed=20, digest=manifest.digest)
    out = tmp_path / "out"
    call("--run", *runs, "--baseline", old, "--manifest", manifest.path, "--output-dir", out)
    assert sorted(path.name for path in out.iterdir()) == [
        *("leaderboard.tsv", "paired.tsv", "report.html", "strata.tsv")
    ]
    assert "a\tb\tf1\tallele\tfull.snp" in (out / "paired.tsv").read_text()
    assert f"wrote {out / 'report.html'}" in capsys.readouterr().out


def test_another_dataset_is_refused_and_nothing_written(manifest, tmp_path):
    run = score(tmp_path / "a", experiment="a", missed=1, digest="f00d")
    with pytest.raises(InputError, match=f"scored on dataset f00d .* of dataset {manifest.digest}"):
        call("--run", run, "--manifest", manifest.path, "--output-dir", tmp_path / "out")
    assert not (tmp_path / "out").exists()
