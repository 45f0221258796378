"""Fine-tuning: weights that fit are taken, others are drawn, and another start is another run."""

import pytest
import pytorch_lightning as pl
import torch
from torch import nn

from seqmill.errors import InputError
from seqmill.shards.schema import Column, Encoding
from seqmill.training import checkpoint
from seqmill.training.initial import Initial, find_initial, start_from
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
    with pytest.raises(InputError, match="none of the 1 weights that it offers fits this network;"):
        train(frozen(compose_run, places), elsewhere)


class Reader(pl.LightningModule):
    """A trunk of some width below a head."""

    def __init__(self, width, outputs, *, layers=1):
        super().__init__()
        trunk = nn.Sequential(
            nn.Conv1d(4, width, 3), *(nn.Conv1d(width, width, 1) for _ in range(layers - 1))
        )
        self.network = nn.ModuleDict({"trunk": trunk, "head": nn.Conv1d(width, outputs, 1)})


def encoding(application):
    return Encoding(
        application=application, version=1, options={}, columns=(Column("sequence", "bases", size=9),)
    )


@pytest.fixture
def saved(tmp_path):
    """Save a module as a model of an application; give what a run starts from."""

    def save(module, application="masked_bases"):
        of = encoding(application)
        path = tmp_path / f"{application}.ckpt"
        checkpoint.save(path, module.state_dict(), {"encoding": of.to_dict(), "encoding_digest": of.digest})
        return Initial(name="base", path=path, sha256="0")

    return save


def test_of_another_application_the_trunk_alone_is_taken(saved):
    base, module = Reader(6, 2, layers=2), Reader(6, 2, layers=3)
    own = {name: value.clone() for name, value in module.state_dict().items()}
    start = start_from(module, saved(base), encoding("accessibility"))
    trunk = {f"network.trunk.{layer}.{part}" for layer in (0, 1) for part in ("weight", "bias")}
    assert set(start.taken) == trunk and start.left == ()
    for name, value in module.state_dict().items():
        assert torch.equal(value, base.state_dict()[name] if name in trunk else own[name])
    third = "network.trunk.2.bias, network.trunk.2.weight"
    assert str(start) == f"4 of 8 weights taken; drawn anew: network.head.bias, network.head.weight, {third}"


def test_of_the_same_encoding_heads_are_taken_too(saved):
    base, module = Reader(6, 2), Reader(6, 2)
    start = start_from(module, saved(base), encoding("masked_bases"))
    assert start.drawn == start.left == ()
    assert torch.equal(module.network["head"].weight, base.network["head"].weight)


def test_what_is_offered_and_does_not_fit_is_told(saved):
    start = start_from(Reader(6, 2), saved(Reader(6, 2, layers=2)), encoding("accessibility"))
    assert "left, for nothing of that name and shape is here: network.trunk.1.bias, network" in str(start)


def test_a_trunk_of_another_width_is_refused(saved):
    message = (
        r"none of the 2 weights .* \(network.trunk.0.weight: shape \(8, 4, 3\) found, \(6, 4, 3\) wanted\)"
    )
    with pytest.raises(InputError, match=message):
        start_from(Reader(6, 2), saved(Reader(8, 2)), encoding("accessibility"))


def test_another_encoding_without_a_trunk_is_refused(saved):
    with pytest.raises(InputError, match="the model was trained on another encoding: application"):
        start_from(Reader(6, 2), saved(nn.Linear(2, 2), "small_variants"), encoding("accessibility"))
