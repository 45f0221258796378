"""The optimiser decays what it should and follows its schedule."""

from types import SimpleNamespace

import pytest
import torch

from seqmill.models.muon import Muon
from seqmill.models.optim import build_optimizer, schedule


def options(**changes):
    return SimpleNamespace(
        **{
            "name": "adamw",
            "learning_rate": 0.1,
            "weight_decay": 0.5,
            "warmup_fraction": 0.0,
            "schedule": "constant",
        }
        | changes
    )


@pytest.mark.parametrize(
    ("name", "warmup", "expected"),
    [
        ("constant", 0.0, [1, 1, 1, 1, 1]),
        ("constant", 0.5, [0.5, 1, 1, 1, 1]),
        ("cosine", 0.0, [1, 0.853553, 0.5, 0.146447, 0]),
        ("cosine", 0.5, [0.5, 1, 1, 0.5, 0]),
    ],
)
def test_schedule_by_hand(name, warmup, expected):
    factor = schedule(name, 4, warmup)
    assert [factor(step) for step in range(5)] == pytest.approx(expected, abs=1e-6)


def test_cosine_stays_at_zero_past_the_end():
    assert schedule("cosine", 4, 0.0)(9) == pytest.approx(0)


def test_only_matrices_and_filters_decay():
    network = torch.nn.Sequential(torch.nn.Conv1d(2, 3, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 2))
    groups = build_optimizer(network.parameters(), options(), 10)["optimizer"].param_groups
    shapes = {group["weight_decay"]: sorted(tuple(p.shape) for p in group["params"]) for group in groups}
    assert shapes == {0.5: [(2, 3), (3, 2, 3)], 0.0: [(2,), (3,), (3,), (3,)]}


def test_frozen_parameters_are_left_alone():
    network = torch.nn.Linear(2, 2)
    network.weight.requires_grad_(False)
    groups = build_optimizer(network.parameters(), options(), 10)["optimizer"].param_groups
    assert [tuple(p.shape) for group in groups for p in group["params"]] == [(2,)]


def test_sgd_takes_a_nesterov_step():
    weight = torch.nn.Parameter(torch.tensor([1.0]))
    optimizer = build_optimizer([weight], options(name="sgd"), 10)["optimizer"]
    weight.grad = torch.tensor([1.0])
    optimizer.step()
    assert weight.item() == pytest.approx(1 - 0.1 * 1.9)  # g + momentum * g on the first step


def test_muon_is_given_with_decay_of_matrices_alone():
    network = torch.nn.Linear(20, 20)
    optimizer = build_optimizer(network.parameters(), options(name="muon"), 10)["optimizer"]
    assert isinstance(optimizer, Muon)
    assert [group["weight_decay"] for group in optimizer.param_groups] == [0.5, 0.0]
    assert all(group["lr"] == 0.1 for group in optimizer.param_groups)


def test_steps_follow_the_schedule():
    weight = torch.nn.Parameter(torch.tensor([1.0]))
    built = build_optimizer([weight], options(warmup_fraction=0.5), 4)
    rates = []
    for _ in range(3):
        rates.append(built["optimizer"].param_groups[0]["lr"])
        built["optimizer"].step()
        built["lr_scheduler"]["scheduler"].step()
    assert rates == pytest.approx([0.05, 0.1, 0.1])
    assert built["lr_scheduler"]["interval"] == "step"
