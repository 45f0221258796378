"""The verb's arguments; what it does is specified in tests/evaluation."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqmill.cli.evaluate import command
from seqmill.evaluation import baseline, dataset, ensemble, run

WRITTEN = {
    "metrics": [
        {"metric": "f1.allele.overall", "value": 0.5, "low": 0.25, "high": 0.75, "primary": True},
        {"metric": "temperature", "value": 1.0, "low": None, "high": None, "primary": False},
    ]
}


@pytest.fixture
def called(monkeypatch):
    """What the verb hands on."""
    calls = []
    monkeypatch.setattr(dataset.Dataset, "open", lambda plan, manifest: (plan, manifest))
    monkeypatch.setattr(run, "evaluate_run", lambda *a, **k: calls.append((a, k)) or WRITTEN)
    monkeypatch.setattr(baseline, "evaluate_baseline", lambda *a, **k: calls.append((a, k)) or WRITTEN)
    monkeypatch.setattr(ensemble, "evaluate_ensemble", lambda *a, **k: calls.append((a, k)) or WRITTEN)
    return calls


def invoke(*arguments):
    return CliRunner().invoke(command, [*arguments, "--manifest", "m.json", "--plan", "p.json"])


def test_a_run(called):
    done = invoke("--run", "runs/e/seed-1", "--tracking-uri", "sqlite:///x.db", "--threads", "2")
    assert done.exit_code == 0
    assert called == [
        (
            (Path("runs/e/seed-1"), (Path("p.json"), Path("m.json"))),
            {"threads": 2, "tracking_uri": "sqlite:///x.db"},
        )
    ]
    assert done.stderr == "f1.allele.overall                        0.5000  [0.2500, 0.7500]\n"


def test_a_baseline(called):
    done = invoke(
        "--baseline",
        "bcftools",
        "--alignments",
        "a=x.bam",
        "--alignments",
        "b=y=z.bam",
        "--output-dir",
        "out",
    )
    assert done.exit_code == 0
    (name, _), more = called[0]
    assert name == "bcftools"
    assert more == {
        "alignments": {"a": Path("x.bam"), "b": Path("y=z.bam")},
        "output": Path("out"),
        "threads": 1,
    }


def test_an_ensemble(called):
    done = invoke("--member", "runs/e/seed-1", "runs/e/seed-2", "--output-dir", "out")
    assert done.exit_code == 0
    ((members, _), more) = called[0]
    assert members == (Path("runs/e/seed-1"), Path("runs/e/seed-2"))
    assert more == {"output": Path("out"), "name": "", "threads": 1}


def test_an_ensemble_of_several_experiments(called):
    done = invoke("--member", "runs/e/seed-1", "runs/f/seed-1", "--name", "both", "--output-dir", "out")
    assert done.exit_code == 0
    assert called[0][1]["name"] == "both"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "one of --run, --member and --baseline"),
        (("--run", "r", "--baseline", "b", "--output-dir", "o"), "one of --run, --member and --baseline"),
        (("--run", "r", "--member", "s", "--output-dir", "o"), "one of --run, --member and --baseline"),
        (("--member", "r", "s"), "--member needs --output-dir"),
        (("--run", "r", "--name", "both"), "--name belongs to --member"),
        (("--baseline", "b"), "--baseline needs --output-dir"),
        (("--baseline", "b", "--output-dir", "o", "--alignments", "x.bam"), "want SAMPLE=FILE"),
    ],
)
def test_arguments_that_do_not_fit(called, arguments, message):
    done = invoke(*arguments)
    assert done.exit_code == 2 and message in done.stderr
    assert called == []
