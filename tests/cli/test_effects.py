"""The verb's arguments; what it does is specified in tests/interpretation."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqmill.cli.effects import command
from seqmill.interpretation import effects as stage
from seqmill.tracking import registry

REQUIRED = ("--model", "models:/m@champion", "--reference", "r.fa", "--vcf", "v.vcf", "--output", "o.vcf.gz")


@pytest.fixture
def called(monkeypatch):
    calls = []

    def annotate(*given, **options):
        calls.append((given, options))
        return {"scored": 1200, "over_contig_end": 3}

    monkeypatch.setattr(registry, "resolve_model", lambda model, uri=None: Path(f"{model}|{uri}"))
    monkeypatch.setattr(stage, "annotate_variants", annotate)
    return calls


def test_the_model_is_resolved_and_counts_are_told(called):
    done = CliRunner().invoke(command, [*REQUIRED, "--tracking-uri", "sqlite:///x.db", "--table", "t.tsv"])
    assert done.exit_code == 0
    assert called == [
        (
            (Path("models:/m@champion|sqlite:///x.db"),),
            {
                "reference": Path("r.fa"),
                "vcf": Path("v.vcf"),
                "output": Path("o.vcf.gz"),
                "table": Path("t.tsv"),
                "regions": None,
                "threads": 1,
            },
        )
    ]
    assert done.stderr == "alleles: 3 over contig end, 1,200 scored\nwrote o.vcf.gz\n"


@pytest.mark.parametrize("missing", range(0, 8, 2))
def test_each_required_option_is_asked_for(called, missing):
    done = CliRunner().invoke(command, REQUIRED[:missing] + REQUIRED[missing + 2 :])
    assert done.exit_code == 2 and REQUIRED[missing] in done.stderr
