"""What may be said about peaks that are called from reads, and what the rule is told."""

import json

import pytest

from tests.plan.test_plan import load, problems_of

SHEET = (
    "sample\talignments\tcontrol\tfactor\tcondition\n"
    "ada\tada.bam\tinput\tCTCF\tchip\n"
    "bo\tbo.bam\tinput\tSPI1\tchip\n"
    "input\tinput.bam\t\t\tinput\n"
)


@pytest.fixture
def called(project, config):
    """A configuration whose peaks are called from alignments."""
    for name in ("ada", "bo", "input"):
        (project / f"{name}.bam").touch()
    (project / "samples.tsv").write_text(SHEET)
    splits = {
        split: {"samples": ["ada", "bo"], "contigs": [contig]}
        for split, contig in zip(("train", "validation", "test"), ("c1", "c2", "c3"), strict=True)
    }
    return config | {
        "application": "tf_binding",
        "options": {"factors": ["CTCF", "SPI1"]},
        "splits": splits,
    }


def test_examples_are_made_from_peaks_and_controls_are_staged_alone(called):
    called["peaks"] = {"q_value": 0.01, "genome_size": None, "caller": "macs2"}
    plan = load(called)
    assert plan.calls_peaks
    assert (plan.staged, plan.examined) == (("bam", "bai"), ("peaks", "bed.gz", "tbi"))
    assert plan.split_samples == ["ada", "bo"]
    assert (plan.controls("ada"), plan.controls("input")) == (["input"], [])
    told = "--q-value 0.01 --caller macs2 --factor CTCF --control results/tiny/reads/input.bam"
    assert plan.peak_options("ada") == f"{told} --control-report results/tiny/reads/input.report.json".split()
    assert "control" not in json.dumps(plan.documents())


def test_regions_are_taken_as_they_are(called, project):
    (project / "samples.tsv").write_text("sample\tregions\tcondition\nada\tada.bam\tx\nbo\tbo.bam\tx\n")
    plan = load(called)
    assert not plan.calls_peaks
    assert plan.examined == ("reads", "bed.gz", "tbi")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("ada.bam\tinput", "ada.bam\tinputs", "control: found 'inputs' (did you mean 'input'?), wanted"),
        ("ada.bam\tinput", "ada.bam\tada", "control: found 'ada', wanted the name of another sample"),
        ("ada.bam\tinput", "ada.bam\tbo", "control: found 'bo', which a split names"),
        ("CTCF", "CTFC", "factor: found 'CTFC' (did you mean 'CTCF'?), wanted one of options.factors"),
        ("CTCF", "", "factor is empty, wanted one of options.factors: CTCF, SPI1"),
    ],
)
def test_mistakes_of_the_sheet(called, project, old, new, said):
    (project / "samples.tsv").write_text(SHEET.replace(old, new))
    (problem,) = problems_of(called)
    assert problem.startswith("sample 'ada'") and said in problem


def test_the_only_factor_needs_no_telling(called, project):
    called["options"] = {"factors": ["CTCF"]}
    (project / "samples.tsv").write_text(SHEET.replace("SPI1", "").replace("CTCF", ""))
    assert "--factor" not in load(called).peak_options("ada")


def test_mistakes_of_the_options_come_all_at_once(called):
    called["peaks"] = {"q_value": 7, "callr": "macs3"}
    found = problems_of(called)
    assert [problem.split(":")[0] for problem in found] == ["peaks.callr", "peaks.q_value"]


def test_what_is_said_of_peaks_that_are_given_is_told(called, project):
    sheet = SHEET.replace("alignments", "regions").replace("ada.bam\tinput\tCTCF", "ada.bam\t\tCTCF")
    (project / "samples.tsv").write_text(sheet)
    called["peaks"] = {"q_value": 0.01}
    found = problems_of(called)
    assert all("but no peaks are called: the samples give regions; wanted" in problem for problem in found)
    assert [problem.split(":")[0] for problem in found] == [
        "peaks",
        "sample 'ada', factor",
        "sample 'bo', control",
        "sample 'bo', factor",
    ]


def test_an_application_without_peaks_has_no_such_key(project, config):
    config["peaks"] = {"q_value": 0.01}
    (problem,) = problems_of(config)
    assert problem.startswith("peaks: found {'q_value': 0.01}, but no peaks are called: small_variants makes")
