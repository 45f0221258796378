"""What is missing is built by the workflow, or the commands are named."""

import subprocess

import pytest

from seqmill.errors import InputError, SeqmillError
from seqmill.lineage import rebuild as stage
from seqmill.origin import Node, Step

STAGED = Node(kind="alignments", name="a.bam", step=Step(command="seqmill reads --sample a", program="1"))
ORIGIN = Node(
    kind="dataset", name="toys", step=Step(command="seqmill collect", program="1"), parents=(STAGED,)
)


@pytest.fixture
def called(monkeypatch, tmp_path):
    """The working directory is empty; calls of the workflow are noted and end with the code set here."""
    calls = []
    monkeypatch.chdir(tmp_path)

    def run(command, **_):
        calls.append(command)
        return subprocess.CompletedProcess(command, run.code)

    run.code = 0
    monkeypatch.setattr(stage.subprocess, "run", run)
    calls.append(run)
    return calls


def build(tmp_path, **more):
    targets = [tmp_path / "manifest.json"]
    stage.rebuild(targets, dataset="toys", threads=2, origin=ORIGIN, **{"configfile": None} | more)


def test_without_a_configuration_the_recorded_commands_are_named_in_order(called, tmp_path):
    with pytest.raises(InputError) as error:
        build(tmp_path)
    assert str(error.value).endswith("commands:\n  seqmill reads --sample a\n  seqmill collect")
    assert len(called) == 1


def test_the_one_configuration_of_the_dataset_is_used(called, tmp_path):
    (tmp_path / "Snakefile").touch()
    for name in ("toys", "other"):
        (tmp_path / "config" / name).mkdir(parents=True)
        (tmp_path / "config" / name / "config.yaml").write_text(f"dataset: {name}\n")
    build(tmp_path)
    assert called[1][1:] == [
        *("-m", "snakemake", "--snakefile", "Snakefile", "--configfile", "config/toys/config.yaml"),
        *("--cores", "2", str(tmp_path / "manifest.json")),
    ]
    called[0].code = 1
    with pytest.raises(SeqmillError, match="the workflow could not build it"):
        build(tmp_path)


def test_two_configurations_of_one_dataset_decide_nothing(called, tmp_path):
    for name in ("one", "two"):
        (tmp_path / "config" / name).mkdir(parents=True)
        (tmp_path / "config" / name / "config.yaml").write_text("dataset: toys\n")
    assert stage.known_config("toys") is None
