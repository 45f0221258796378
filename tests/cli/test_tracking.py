"""``seqmill tracking`` makes a store and registers the best run."""

from click.testing import CliRunner

from seqmill.cli.tracking import command
from seqmill.files import read_json, write_json
from seqmill.tracking.registry import resolve_model
from seqmill.tracking.run import open_run


def run(*arguments):
    result = CliRunner().invoke(
        command, [str(argument) for argument in arguments], catch_exceptions=False, standalone_mode=False
    )
    assert result.exit_code == 0


def test_from_an_empty_folder_to_a_champion(tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    run("init", "--tracking-uri", uri, "--experiment", "toys", "--output", tmp_path / "store.json")
    assert read_json(tmp_path / "store.json") == {"uri": uri, "experiment": "toys", "experiment_id": "1"}

    for name, loss in (("a", 0.4), ("b", 0.2)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "checkpoint.ckpt").write_text(name)
        with open_run(uri, "toys", name=name) as tracked:
            tracked.file(folder / "checkpoint.ckpt", "model")
        write_json(folder / "train.json", {"run_id": tracked.run_id, "best_validation_loss": loss})
    runs = ["--run", tmp_path / "a", tmp_path / "b"]
    run("register", "--tracking-uri", uri, "--name", "caller", *runs, "--output", tmp_path / "champion.json")
    champion = read_json(tmp_path / "champion.json")
    assert (champion["run"], champion["version"], champion["alias"]) == (str(tmp_path / "b"), 1, "champion")
    assert resolve_model("models:/caller@champion", uri=uri).read_text() == "b"
