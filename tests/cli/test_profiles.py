"""The verb tells what it made and what it left out."""

import json

from click.testing import CliRunner

from seqmill.cli.main import cli
from seqmill.errors import InputError
from tests.profiles import cohort
from tests.profiles.genotyped import write_calls, write_sites


def test_what_was_made_and_left_out_is_told(tmp_path):
    plan = cohort.write(tmp_path)
    result = CliRunner().invoke(cli, ["profiles", str(plan), "--output", str(tmp_path / "raw")])
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "profiles: 5 (expression 2, dosage 3), left out: all missing 2",
        "molecules: 4 (length 1)",
        "screen: 5 labelled rows, left out: unknown profile 1, unknown molecule 1, no label 1, repeated 1",
    ]
    assert (tmp_path / "raw" / "profiles.json").is_file()


def test_the_match_rate_of_calls_is_told_and_stands_beside_the_table(tmp_path):
    calls = write_calls(tmp_path / "v.vcf", ["L1", "L2"], ["c1 2 . C T . . . GT 0/1 1/1"])
    sites = write_sites(tmp_path / "s.tsv", "c1 2 C T", "c1 5 A G")
    changed = cohort.content(tmp_path)
    changed["profiles"]["blocks"] = {
        "dosage": {"path": str(calls), "source": "vcf", "options": {"sites": sites, "min_match": 0.5}}
    }
    plan = cohort.write(tmp_path, changed)
    result = CliRunner().invoke(cli, ["profiles", str(plan), "--output", str(tmp_path / "raw")])
    assert result.output.splitlines()[0] == "profiles, dosage: 1 of 2 sites (50.0%) found, in 2"
    report = json.loads((tmp_path / "raw" / "profiles.dosage.report.json").read_text())
    assert (report["match_rate"], report["people"]) == (0.5, 2)
    assert "L1" not in json.dumps(report)


def test_sites_of_another_build_leave_nothing_behind(tmp_path):
    calls = write_calls(tmp_path / "v.vcf", ["L1"], ["c1 2 . C T . . . GT 0/1"])
    sites = write_sites(tmp_path / "s.tsv", "c1 3 C T")
    changed = cohort.content(tmp_path)
    block = {"path": str(calls), "source": "vcf", "options": {"sites": sites}}
    changed["profiles"]["blocks"]["dosage"] = block
    plan = cohort.write(tmp_path, changed)
    result = CliRunner().invoke(cli, ["profiles", str(plan), "--output", str(tmp_path / "raw")])
    assert isinstance(result.exception, InputError) and "0 of 1 sites" in str(result.exception)
    assert not (tmp_path / "raw").exists()
