"""``seqmill federated`` passes on what it is given, and says what was written."""

from click.testing import CliRunner

from seqmill.cli.federated import command
from seqmill.training.federated import average, site


def test_start_composes_the_configuration_of_a_site(monkeypatch, tmp_path):
    monkeypatch.setattr(
        site, "write_start", lambda run, output: 1234 if (run, output.name) == ("run", "c.ckpt") else 0
    )
    monkeypatch.setattr(
        "seqmill.training.compose.compose", lambda overrides, base: "run" * (overrides == ("seed=1",))
    )
    asked = ["start", "--config", "net.yaml", "seed=1", "--output", str(tmp_path / "c.ckpt")]
    done = CliRunner().invoke(command, asked)
    assert done.exit_code == 0 and "statistics of 1,234 training rows" in done.output


def test_average_counts_sites_and_rows(monkeypatch, tmp_path):
    def write(checkpoints, output, *, experiment):
        assert [one.name for one in checkpoints] == ["a.ckpt", "b.ckpt"] and experiment == "net_federated"
        return {"train_examples": 5000}

    monkeypatch.setattr(average, "write_average", write)
    asked = ["average", "a.ckpt", "b.ckpt", "--output", str(tmp_path), "--experiment", "net_federated"]
    done = CliRunner().invoke(command, asked)
    assert done.exit_code == 0 and "the mean of 2 sites, 5,000 training rows" in done.output
