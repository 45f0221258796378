"""Fine-tuning: weights that fit are taken, others are drawn, and another start is another run."""

import pytest
import torch

from seqmill.errors import InputError
from seqmill.training.initial import find_initial
from seqmill.training.train import Places, train


def weights(path):
    return torch.load(path / "checkpoint.ckpt", weights_only=True)["state_dict"]


@pytest.fixture
def elsewhere(places, tmp_path):
    """Places of a second run in the same store."""
    return Places(
        output=tmp_path / "tuned",
        state=places.state,
        store=places.store,
        store_experiment=places.store_experiment,
    )


def frozen(compose_run, places, **given):
    """Compose a run that moves no weight."""
    path = places.output / "checkpoint.ckpt"
    return compose_run("optimizer.learning_rate=1e-30", "trainer.epochs=1", f"init_from={path}", **given)


def test_training_starts_from_the_named_weights(compose_run, places, elsewhere, capsys):
    train(compose_run(), places)
    train(frozen(compose_run, places), elsewhere)
    before, after = weights(places.output), weights(elsewhere.output)
    assert all(torch.allclose(before[name], after[name], atol=1e-6) for name in before)
    said = capsys.readouterr().err
    assert f"weights from {places.output / 'checkpoint.ckpt'} (" in said and "drawn anew" not in said


def test_weights_of_another_shape_are_drawn(compose_run, places, elsewhere, capsys):
    train(compose_run(), places)
    train(frozen(compose_run, places, experiment="wide"), elsewhere)
    before, after = weights(places.output), weights(elsewhere.output)
    same = {name for name in before if before[name].shape == after[name].shape}
    assert same and all(torch.allclose(before[name], after[name], atol=1e-6) for name in same)
    drawn = capsys.readouterr().err.partition("drawn anew: ")[2]
    assert all(name in drawn for name in set(before) - same)


def test_another_checkpoint_under_the_same_name_is_another_start(compose_run, places, elsewhere):
    train(compose_run(), places)
    first = find_initial(str(places.output / "checkpoint.ckpt"), places.store)
    train(compose_run("seed=2"), places)
    assert find_initial(str(places.output / "checkpoint.ckpt"), places.store).sha256 != first.sha256
    assert find_initial("", places.store) is None


def test_a_name_that_leads_nowhere_is_a_mistake(compose_run, places, elsewhere):
    with pytest.raises(InputError, match=r"gone\.ckpt: no such checkpoint"):
        train(compose_run("init_from=gone.ckpt"), places)
    assert not places.output.exists()


def test_a_network_that_shares_nothing_is_refused(compose_run, places, elsewhere, monkeypatch):
    train(compose_run(), places)
    path = places.output / "checkpoint.ckpt"
    content = torch.load(path, weights_only=True)
    content["state_dict"] = {"other": torch.zeros(3)}
    torch.save(content, path)
    with pytest.raises(InputError, match="none of its 1 weights fits this network"):
        train(frozen(compose_run, places), elsewhere)
