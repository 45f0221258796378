"""The verb's arguments; what it does is specified in tests/interpretation and tests/applications."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqmill.cli.attribute import command
from seqmill.interpretation import profiles as stage


@pytest.fixture
def called(monkeypatch):
    calls = []

    def attribute(*given, **options):
        calls.append((given, options))
        return {"features": 9, "persons": 380, "stability": {"spearman_mean": 0.7034}}

    monkeypatch.setattr(stage, "attribute", attribute)
    return calls


def test_several_seeds_are_taken_and_their_agreement_is_told(called):
    given = ["--checkpoint", "a.ckpt", "b.ckpt", "--manifest", "m.json", "--output-dir", "out", "--top", "5"]
    done = CliRunner().invoke(command, given)
    assert done.exit_code == 0, done.output
    options = {"output_dir": Path("out"), "split": "test", "top": 5, "threads": 1}
    assert called == [(((Path("a.ckpt"), Path("b.ckpt")), Path("m.json")), options)]
    assert "9 features over 380 persons" in done.output
    assert "0.703" in done.output


def test_a_model_and_a_dataset_are_needed(called):
    done = CliRunner().invoke(command, ["--output-dir", "out"])
    assert done.exit_code == 2
    assert "--checkpoint" in done.output
    assert not called
