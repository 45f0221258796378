"""Gradients of each person are those of the person alone; where there are none, the run is refused."""

import persons
import pytest
import torch
from torch import nn

from seqmill.errors import InputError
from seqmill.training.private.gradients import attach, check_gradients, refuse_layers
from seqmill.training.private.persons import read_persons


@pytest.fixture
def read(crowd):
    return read_persons(crowd.manifest, unit="person", fraction=1.0)


@pytest.fixture
def task(built, configured):
    return built(configured({"noise_multiplier": 1.0}))


def test_a_mean_over_persons_passes_and_leaves_nothing_behind(task, read):
    before = {name: value.clone() for name, value in task.state_dict().items()}
    training = {layer: layer.training for layer in task.modules()}
    drawn = torch.random.get_rng_state()
    check_gradients(task, attach(task), read)
    assert all(torch.equal(value, before[name]) for name, value in task.state_dict().items())
    assert list(task.state_dict()) == list(before)
    assert {layer: layer.training for layer in task.modules()} == training
    assert all(weight.grad is None and weight.grad_sample is None for weight in task.parameters())
    assert torch.equal(torch.random.get_rng_state(), drawn)


class OverSets(persons.TraitTask):
    """As Cox's loss does, compares persons with each other."""

    def training_step(self, batch, index):
        told = self(batch)
        return (torch.logsumexp(told, 0) - told).mean()


class Sorted(persons.TraitTask):
    """Gives the network the distinct rows, in their order."""

    def forward(self, batch):
        inputs, which = self.looked_up("profiles", batch["profile"])
        return self.network(inputs)[which, 0]


class Bent(persons.TraitTask):
    """Makes each layer hang on the mean of the batch."""

    def forward(self, batch):
        told = self.input_of("profiles", batch["profile"])
        return self.network(told - told.mean(0))[:, 0]


@pytest.mark.parametrize("kind", [OverSets, Sorted, Bent])
def test_persons_that_change_the_gradient_of_others_are_found(task, read, kind):
    task.__class__ = kind
    with pytest.raises(InputError, match="the gradient of a person in network"):
        check_gradients(task, attach(task), read)


def test_weights_that_the_loss_does_not_reach_are_named(task, read):
    task.network.unused = nn.Linear(1, 1)
    task.network.forward = lambda values: task.network[4](task.network[:4](values))
    with pytest.raises(InputError, match=r"does not reach found: network\.unused\.weight"):
        check_gradients(task, attach(task), read)


def test_weights_outside_of_the_network_are_named(task):
    task.scale = nn.Parameter(torch.ones(1))
    with pytest.raises(InputError, match="outside of the network found \\(scale\\)"):
        attach(task)


class Counting(nn.Linear):
    """Keeps a running sum over persons beside its weights, and is none of the layers that are known."""

    def __init__(self):
        super().__init__(4, 4)
        self.register_buffer("seen", torch.zeros(()))


def test_a_layer_that_keeps_something_of_persons_beside_its_weights_is_named(task):
    task.network.counting = Counting()
    refuse_layers(task.network)
    with pytest.raises(InputError, match=r"cannot be trained privately found: .*counting:Counting"):
        attach(task)


@pytest.mark.parametrize(
    ("layer", "words"),
    [
        (nn.BatchNorm1d(4), r"1 \(BatchNorm1d\): use LayerNorm or GroupNorm"),
        (nn.BatchNorm1d(4, affine=False), r"1 \(BatchNorm1d\): use LayerNorm"),
        (nn.LSTM(4, 4), r"1 \(LSTM\): use a perceptron"),
        (nn.GRU(4, 4), r"1 \(GRU\): use a perceptron"),
        (nn.MultiheadAttention(4, 1), r"1 \(MultiheadAttention\): use attention of linear layers"),
    ],
)
def test_layers_that_mix_persons_are_named_with_what_to_use(layer, words):
    with pytest.raises(InputError, match=words):
        refuse_layers(nn.Sequential(nn.Linear(4, 4), layer))


def test_layers_that_do_not_mix_persons_are_taken():
    refuse_layers(
        nn.Sequential(nn.Linear(4, 4), nn.LayerNorm(4), nn.GELU(), nn.Dropout(0.1), nn.GroupNorm(2, 4))
    )
