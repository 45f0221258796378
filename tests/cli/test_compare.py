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


def test_several_datasets_are_compared_on_what_they_share_when_asked(manifest, tmp_path, capsys):
    own = score(tmp_path / "a", experiment="a", missed=1, digest=manifest.digest)
    far = score(tmp_path / "b", experiment="b", missed=9, digest="f00d")
    out = tmp_path / "out"
    call("--run", own, far, "--manifest", manifest.path, "--output-dir", out, "--intersection")
    assert "compared on 40 items in common" in capsys.readouterr().err
    assert "Runs of several datasets, compared on the 40 items in common" in (out / "report.html").read_text()


def test_trials_of_a_sweep_are_shown_and_not_tested(manifest, tmp_path):
    runs = [
        score(tmp_path / name, experiment=name, missed=n, digest=manifest.digest)
        for name, n in [("a", 1), ("s-01", 2), ("s-02", 9)]
    ]
    trials = {"s-01": {"rate": 0.1}, "s-02": {"rate": 0.2}}
    write_json(tmp_path / "sweeps.json", {"s": {"base": "a", "space": {}, "trials": trials}})
    out = tmp_path / "out"
    sweeps = ("--sweeps", tmp_path / "sweeps.json")
    call("--run", *runs, *sweeps, "--manifest", manifest.path, "--output-dir", out)
    assert (out / "paired.tsv").read_text().count("\n") == 1
    assert 'data-figure="sweep|s"' in (out / "report.html").read_text()


def other_measures(folder, *, experiment, seed, noise, digest):
    """Score a regression and a classification of two labels, as another application would."""
    rng = np.random.default_rng(seed)
    observed = np.random.default_rng(0).normal(0, 1, 60)
    score = observed + rng.normal(0, noise, 60)
    items = pd.DataFrame(
        {
            "item": np.arange(60, dtype=np.uint64),
            "cell": "brain",
            "predicted_expression": score,
            "observed_expression": observed,
            **{f"score_{label}": score for label in ("enhancer", "promoter")},
            **{
                f"label_{label}": (observed > cut).astype(int)
                for label, cut in (("enhancer", 0), ("promoter", 1))
            },
            "stratum_distance": np.where(np.arange(60) % 2, "near", "far"),
        }
    )
    names = {"run": f"{experiment}/{seed}", "experiment": experiment, "seed": seed, "dataset": "demo"}
    write_metrics(folder / "metrics.json", items, dataset_digest=digest, **names)
    items.to_parquet(folder / "items.parquet")
    return str(folder)


def test_another_application_supplies_its_items_and_nothing_else(manifest, tmp_path):
    runs = [
        other_measures(
            tmp_path / f"{name}-{seed}", experiment=name, seed=seed, noise=noise, digest=manifest.digest
        )
        for name, noise in [("good", 0.2), ("poor", 2.0)]
        for seed in (1, 2)
    ]
    out = tmp_path / "out"
    call("--run", *runs, "--manifest", manifest.path, "--output-dir", out)
    paired = pd.read_csv(out / "paired.tsv", sep="\t").set_index(["level", "measure"])
    assert paired["test"].to_dict() == {
        ("enhancer", "auroc"): "delong",
        ("enhancer", "auprc"): "bootstrap",
        ("promoter", "auroc"): "delong",
        ("promoter", "auprc"): "bootstrap",
        ("expression", "pearson"): "swaps",
        ("expression", "spearman"): "swaps",
    }
    assert paired.loc[("expression", "pearson"), "verdict"] == "above"
    assert set(pd.read_csv(out / "strata.tsv", sep="\t")["of"]) == {"near", "far"}
    report = (out / "report.html").read_text()
    assert "Spearman&#39;s rho" in report
    assert "best mean expression Pearson&#39;s r" in report
