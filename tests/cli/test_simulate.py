import yaml
from click.testing import CliRunner

from seqmill.cli.simulate import command
from seqmill.errors import ConfigErrors

PLAN = {
    "seed": 1,
    "contigs": {"c": {"random": 5000}},
    "samples": {"ada": {"contigs": ["c"], "depth": 2}},
    "mask": {"every": 100},
}


def run(folder, plan):
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(plan))
    return CliRunner().invoke(command, [str(path), "--output", str(folder / "raw"), "--threads", "2"])


def test_a_plan_becomes_files(tmp_path):
    assert run(tmp_path, PLAN).exit_code == 0
    assert {path.name for path in (tmp_path / "raw").iterdir()} == {
        "reference.fa",
        "reference.fa.fai",
        "mask.bed",
        "ada",
    }


def test_a_plan_with_mistakes_writes_nothing(tmp_path):
    result = run(tmp_path, PLAN | {"sampels": {}})
    assert isinstance(result.exception, ConfigErrors)
    assert "did you mean 'samples'?" in str(result.exception)
    assert not (tmp_path / "raw").exists()


def test_a_plan_with_people_gives_a_cohort_and_tells_the_best_that_can_be_reached(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "{seed: 1, people: 30, contigs: {c: {length: 100000, sites: 20}}, "
        "traits: {tall: {heritability: 0.5, causal: 5}}}"
    )
    result = CliRunner().invoke(command, [str(plan), "--output", str(tmp_path / "made")])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("tall: best that can be reached: genetic r2 0.")
    assert (tmp_path / "made" / "dosage.parquet").is_file()
