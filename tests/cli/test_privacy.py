"""``seqmill privacy`` prints one line for each cohort."""

from click.testing import CliRunner

from seqmill.cli.privacy import command
from seqmill.errors import InputError
from seqmill.training.private.ledger import note

ENTRY = {
    **{"experiment": "net", "seed": 1, "cohort": "c1", "unit": "person", "persons": 90, "accountant": "rdp"},
    **{"noise_multiplier": 1.0, "sample_rate": 0.1, "steps": 10, "delta": 1e-4, "epsilon": 1.5},
}


def test_runs_of_all_folders_are_added_up(tmp_path):
    for run_id, folder in (("r1", "a"), ("r2", "b")):
        note(tmp_path / folder / "privacy", ENTRY | {"run_id": run_id})
    output = tmp_path / "privacy.tsv"
    done = CliRunner().invoke(command, [str(tmp_path / "a"), str(tmp_path / "b"), "--output", str(output)])
    assert done.exit_code == 0 and done.output == output.read_text()
    heads, line = (one.split("\t") for one in done.output.splitlines())
    told = dict(zip(heads, line, strict=True))
    assert (told["cohort"], told["runs"], told["epsilon_sum"]) == ("c1", "2", "3")


def test_a_folder_without_private_runs_is_named(tmp_path):
    done = CliRunner().invoke(command, [str(tmp_path)])
    assert isinstance(done.exception, InputError) and str(tmp_path) in str(done.exception)
