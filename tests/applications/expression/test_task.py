"""The loss by hand, with and without changed examples; predictions are of the sequence as it lies."""

from types import SimpleNamespace

import pytest
import torch

from seqmill.applications.expression.networks import promoter_cnn, promoter_gru
from seqmill.applications.expression.options import Augmentation
from seqmill.applications.expression.sequence import sequence_function
from seqmill.applications.expression.spec import Options, encoding
from seqmill.applications.expression.task import build_task
from seqmill.models.sequence import one_hot
from seqmill.models.windows import WindowCNNOptions, WindowGRUOptions

OPTIONS = Options(upstream=20, downstream=10)
SMALL = {"channels": 8, "stem": 5, "hidden": 6}


class Counted(torch.nn.Module):
    """Says how many A a sequence has, and remembers what it was shown."""

    length = OPTIONS.width

    def forward(self, x):
        self.shown = x
        return x[:, :1].sum(2)


def task(network=None, **augmentation):
    run = SimpleNamespace(augmentation=Augmentation(**augmentation))
    network = network or Counted()
    return build_task(network=network, encoding=encoding(OPTIONS), run=run, label_counts={})


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(2)
    return {
        "sequence": torch.randint(4, (5, OPTIONS.width), generator=generator, dtype=torch.uint8),
        "level": torch.tensor([1.0, 2.0, 0.0, -1.0, 4.0]),
        "weight": torch.tensor([1.0, 1.0, 2.0, 1.0, 0.0]),
    }


def test_the_loss_is_the_weighted_squared_error_of_the_sequences_as_they_are(batch):
    built = task()
    said = (batch["sequence"] == 0).sum(1).float()
    expected = (((said - batch["level"]) ** 2 * batch["weight"]).sum() / 5).item()
    assert built.training_step(batch, 0).item() == pytest.approx(expected)
    assert torch.equal(built.network.shown, one_hot(batch["sequence"]))
    assert torch.equal(built.predict_step(batch)["predicted_level"], said)


@pytest.mark.parametrize("augmentation", [{"shift": 3}, {"mutations": 0.2}, {"mixup": 0.4}])
def test_each_augmentation_changes_what_is_trained_on_and_nothing_else(batch, augmentation):
    torch.manual_seed(1)
    built, plain = task(**augmentation), one_hot(batch["sequence"])
    built.training_step(batch, 0)
    assert not torch.equal(built.network.shown, plain)
    built.predict_step(batch)
    assert torch.equal(built.network.shown, plain)


def networks():
    torch.manual_seed(1)
    encoded = encoding(OPTIONS)
    return {
        "cnn": promoter_cnn(encoded, WindowCNNOptions(**SMALL)),
        "gru": promoter_gru(encoded, WindowGRUOptions(**SMALL, units=4)),
    }


@pytest.mark.parametrize("kind", ["cnn", "gru"])
def test_the_function_of_a_sequence_is_what_is_predicted_of_its_middle(kind, batch):
    built = task(networks()[kind])
    function = sequence_function(built)
    assert (function.length, function.outputs, function.both_strands) == (30, ("level",), False)
    longer = torch.nn.functional.pad(one_hot(batch["sequence"]), (4, 5))
    said = function(longer)
    torch.testing.assert_close(said[:, 0], built.predict_step(batch)["predicted_level"])
    assert not torch.allclose(said, function(longer.flip(1, 2)))
    with pytest.raises(ValueError, match="29 bases found, at least 30 wanted"):
        function(torch.zeros(1, 4, 29))


class Ended(Counted):
    """Says how many A the first three bases hold."""

    def forward(self, x):
        return x[:, :1, :3].sum(2)


def test_predictions_are_a_mean_over_moves_to_either_side(batch):
    a = (batch["sequence"] == 0).float()
    by_hand = torch.stack(
        [a[:, :1].sum(1), a[:, :2].sum(1), a[:, :3].sum(1), a[:, 1:4].sum(1), a[:, 2:5].sum(1)]
    )
    built = task(Ended(), averaged=2)
    assert built.predict_step(batch)["predicted_level"].tolist() == pytest.approx(by_hand.mean(0).tolist())


def test_the_validation_loss_is_that_of_predictions(batch, monkeypatch):
    built, logged = task(Ended(), averaged=1), []
    monkeypatch.setattr(built, "log", lambda name, value, **_: logged.append(float(value)))
    built.validation_step(batch, 0)
    said = built.predict_step(batch)["predicted_level"]
    expected = ((said - batch["level"]) ** 2 * batch["weight"]).sum() / 5
    assert logged == pytest.approx([float(expected)])
