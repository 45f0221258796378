"""The verb's arguments; what it does is specified in tests/interpretation."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqmill.cli import explain as verb
from seqmill.cli.explain import command
from seqmill.interpretation import explain as stage
from seqmill.interpretation.explained import METHODS
from seqmill.tracking import registry

REQUIRED = ("--model", "m.ckpt", "--reference", "r.fa", "--regions", "p.bed", "--output-dir", "out")
TOLD = {
    "regions": {"regions": 3, "used": 2, "unknown_contig": 0, "over_contig_end": 1},
    "motifs": [{"consensus": "TTACCCG", "seqlets": 40, "match": "REB1"}],
}


@pytest.fixture
def called(monkeypatch):
    calls = []

    def explain(*given, **options):
        calls.append((given, options))
        return TOLD

    monkeypatch.setattr(registry, "resolve_model", lambda model, uri=None: Path(f"{model}|{uri}"))
    monkeypatch.setattr(stage, "explain", explain)
    return calls


def test_defaults_hold_and_findings_are_told(called):
    done = CliRunner().invoke(command, REQUIRED)
    assert done.exit_code == 0
    (model,), given = called[0]
    assert model == Path("m.ckpt")
    assert given == {
        "reference": Path("r.fa"),
        "regions": Path("p.bed"),
        "manifest": None,
        "most": None,
        "output_dir": Path("out"),
        "motifs": None,
        "insert": (),
        "target": None,
        "method": "expected-gradients",
        "discovery": "built-in",
        "control": True,
        "seed": 1,
        "threads": 1,
    }
    assert done.stderr.splitlines()[0] == "regions 3, used 2, over_contig_end 1"
    assert "TTACCCG" in done.stderr and "REB1" in done.stderr


def test_options_are_handed_on(called):
    more = ["--insert", "REB1", "ABF1", "--no-control", "--method", "mutagenesis", "--target", "open"]
    done = CliRunner().invoke(command, ["--model", "models:/m@champion", *REQUIRED[2:], *more])
    assert done.exit_code == 0
    (model,), given = called[0]
    assert model == Path("models:/m@champion|None")
    assert given["insert"] == ("REB1", "ABF1") and not given["control"]
    assert (given["method"], given["target"]) == ("mutagenesis", "open")


def test_the_methods_offered_are_those_there_are():
    assert verb._METHODS == METHODS
    assert verb._DISCOVERIES == DISCOVERIES


@pytest.mark.parametrize("more", [(), ("--regions", "p.bed", "--manifest", "m.json")])
def test_what_to_explain_is_told_once(called, more):
    done = CliRunner().invoke(command, [*REQUIRED[:4], *REQUIRED[6:], *more])
    assert done.exit_code == 2 and "one of --regions and --manifest" in done.stderr


@pytest.mark.parametrize("missing", range(0, 8, 2))
def test_each_required_option_is_asked_for(called, missing):
    done = CliRunner().invoke(command, REQUIRED[:missing] + REQUIRED[missing + 2 :])
    assert done.exit_code == 2 and REQUIRED[missing] in done.stderr
