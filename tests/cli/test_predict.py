"""The verb's arguments; what it does is specified in tests/evaluation."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from seqmill.cli.predict import command
from seqmill.evaluation import predict as stage
from seqmill.tracking import registry

REQUIRED = (
    "--model",
    "models:/m@champion",
    "--reads",
    "x.bam",
    "--reference",
    "r.fa",
    "--output",
    "o.vcf.gz",
)


@pytest.fixture
def called(monkeypatch):
    calls = []
    monkeypatch.setattr(registry, "resolve_model", lambda model, uri=None: Path(f"{model}|{uri}"))
    monkeypatch.setattr(stage, "predict_sample", lambda *a, **k: calls.append((a, k)))
    written = (Path("o.leaf.bw"), Path("o.root.bw"))
    monkeypatch.setattr(stage, "predict_sequence", lambda *a, **k: calls.append((a, k)) or written)
    return calls


def test_the_model_is_resolved_and_defaults_hold(called):
    done = CliRunner().invoke(command, REQUIRED)
    assert done.exit_code == 0
    assert called == [
        (
            (Path("models:/m@champion|None"),),
            {
                "reads": Path("x.bam"),
                "reference": Path("r.fa"),
                "output": Path("o.vcf.gz"),
                "regions": None,
                "all_positions": False,
                "sample": None,
                "threads": 1,
            },
        )
    ]
    assert done.stderr == "wrote o.vcf.gz\n"


def test_options_are_handed_on(called):
    done = CliRunner().invoke(
        command,
        [
            *REQUIRED,
            "--gvcf",
            "--regions",
            "b.bed",
            "--sample",
            "eve",
            "--threads",
            "2",
            "--tracking-uri",
            "sqlite:///x.db",
        ],
    )
    assert done.exit_code == 0
    (model,), given = called[0]
    assert model.name.endswith("x.db")
    assert (given["all_positions"], given["regions"], given["sample"], given["threads"]) == (
        True,
        Path("b.bed"),
        "eve",
        2,
    )


@pytest.mark.parametrize("missing", (0, 4, 6))
def test_each_required_option_is_asked_for(called, missing):
    done = CliRunner().invoke(command, REQUIRED[:missing] + REQUIRED[missing + 2 :])
    assert done.exit_code == 2 and REQUIRED[missing] in done.stderr


def test_without_reads_the_reference_itself_is_predicted(called):
    given = [*REQUIRED[:2], *REQUIRED[4:], "--contig", "c2", "c3", "--regions", "b.bed", "--threads", "3"]
    done = CliRunner().invoke(command, given)
    assert done.exit_code == 0, done.output
    assert called == [
        (
            (Path("models:/m@champion|None"),),
            {
                "reference": Path("r.fa"),
                "output": Path("o.vcf.gz"),
                "contigs": ("c2", "c3"),
                "regions": Path("b.bed"),
                "threads": 3,
            },
        )
    ]
    assert done.stderr == "wrote o.leaf.bw, o.root.bw\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*REQUIRED, "--contig", "c2"], "--contig is for predictions from sequence"),
        ([*REQUIRED[:2], *REQUIRED[4:], "--gvcf"], "--gvcf and --sample need --reads"),
    ],
)
def test_options_of_the_other_kind_are_refused(called, arguments, said):
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not called


PROFILES = ("--manifest", "m.json", "--profiles", "p.yaml", "--output", "o.tsv")


def test_several_models_of_profiles_predict_together(called, monkeypatch):
    from seqmill.evaluation import predict_rows as rows

    monkeypatch.setattr(rows, "predict_rows", lambda *a, **k: called.append((a, k)))
    done = CliRunner().invoke(command, ["--model", "a", "models:/m@champion", *PROFILES])
    assert done.exit_code == 0, done.output
    ((models,), given) = called[0]
    assert models == [Path("a"), Path("models:/m@champion|None")]
    assert given == {
        "manifest": Path("m.json"),
        "output": Path("o.tsv"),
        "profiles": Path("p.yaml"),
        "molecules": None,
        "intervals": None,
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--model", "a", *PROFILES, "--reference", "r.fa"), "--manifest is for profiles"),
        (("--model", "a", "--profiles", "p.yaml", "--output", "o.tsv"), "need --manifest"),
        (("--model", "a", "--output", "o.tsv"), "give --reference, or for profiles --manifest"),
        (("--model", "a", "b", "--reference", "r.fa", "--output", "o.bw"), "several models are for profiles"),
    ],
)
def test_what_does_not_go_together(called, arguments, said):
    done = CliRunner().invoke(command, list(arguments))
    assert done.exit_code == 2
    assert said in done.output
    assert not called
