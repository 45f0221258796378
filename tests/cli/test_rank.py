"""The verb's arguments; what it does is specified in tests/therapy."""

from pathlib import Path
from types import SimpleNamespace

from click.testing import CliRunner

from seqmill.cli.rank import command
from seqmill.therapy import rank as stage
from seqmill.therapy.job import RankJob


def test_options_become_a_job(monkeypatch):
    jobs = []
    row = {"metric": "top_decile_enrichment.percentile", "value": 2.0, "low": 1.5, "high": 2.5}
    monkeypatch.setattr(stage, "rank", lambda job: jobs.append(job) or SimpleNamespace(metrics=[row]))
    arguments = ["--model", "a", "b", "--manifest", "m.json", "--output-dir", "o", "--drug", "x y", "z"]
    done = CliRunner().invoke(command, [*arguments, "--better", "high", "--safety", "s", "--explained", "0"])
    assert done.exit_code == 0, done.output
    assert jobs == [
        RankJob(
            models=(Path("a"), Path("b")),
            manifest=Path("m.json"),
            output=Path("o"),
            drugs=("x y", "z"),
            better="high",
            safety=(Path("s"),),
            explained=0,
        )
    ]
    assert "2.000  [1.500, 2.500]" in done.stderr
    assert "wrote o/rank.html" in done.stderr


def test_a_model_and_its_dataset_are_needed():
    done = CliRunner().invoke(command, ["--model", "a", "--output-dir", "o"])
    assert done.exit_code == 2
    assert "--manifest" in done.output
