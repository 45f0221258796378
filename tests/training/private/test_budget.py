"""What steps cost is what Opacus's accountants say, stepped one by one."""

import math

import pytest
from opacus.accountants import PRVAccountant, RDPAccountant

from seqmill.errors import InputError
from seqmill.training.config import PrivacyConfig
from seqmill.training.private.budget import epsilon, plan_budget

# Opacus warns that its best order lies at the end of its range; the bound holds.
pytestmark = pytest.mark.filterwarnings("ignore:Optimal order")


def planned(*, persons=1000, batch_size=100, steps=150, **settings):
    return plan_budget(
        PrivacyConfig(name="dp_sgd", **settings), persons=persons, batch_size=batch_size, steps=steps
    )


@pytest.mark.parametrize(("accountant", "counts"), [("rdp", RDPAccountant), ("prv", PRVAccountant)])
def test_a_run_costs_what_the_accountant_adds_up_step_by_step(accountant, counts):
    budget = planned(noise_multiplier=1.1, accountant=accountant)
    counted = counts()
    for _ in range(150):
        counted.step(noise_multiplier=1.1, sample_rate=0.1)
    assert budget.epsilon(150) == counted.get_epsilon(delta=1e-5)


def test_runs_on_the_same_persons_add_up_below_the_sum_of_each():
    history = [(1.0, 0.05, 100), (2.0, 0.1, 50)]
    alone = [epsilon([one], 1e-5, "rdp") for one in history]
    assert max(alone) < epsilon(history, 1e-5, "rdp") < sum(alone)
    assert epsilon([(1.0, 0.05, 100), (1.0, 0.05, 60)], 1e-5, "rdp") == epsilon(
        [(1.0, 0.05, 160)], 1e-5, "rdp"
    )


def test_without_sampling_one_step_is_the_gaussian_mechanism():
    """The Renyi divergence of order a is a / (2 sigma^2), converted as Balle et al. (2020) do."""
    orders = RDPAccountant.DEFAULT_ALPHAS
    wanted = min(
        a / (2 * 4.0**2) + math.log1p(-1 / a) - (math.log(1e-5) + math.log(a)) / (a - 1) for a in orders
    )
    assert epsilon([(4.0, 1.0, 1)], 1e-5, "rdp") == pytest.approx(wanted)


def test_no_step_costs_nothing():
    assert planned(noise_multiplier=1.0).epsilon(0) == 0.0


@pytest.mark.parametrize("target", [0.5, 3.0])
def test_noise_is_chosen_so_that_all_steps_keep_the_budget_and_nearly_use_it(target):
    budget = planned(target_epsilon=target)
    assert 0.99 * target < budget.epsilon(150) <= target


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"batch_size": 16}, "trainer.batch_size: 16 found, 32 to 1000"),
        ({"batch_size": 1001}, "trainer.batch_size: 1001 found"),
        ({"delta": 1e-3}, r"privacy.delta: 0.001 found, below 0.001 wanted"),
    ],
)
def test_what_does_not_fit_the_number_of_persons_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        planned(noise_multiplier=1.0, **given)


def test_a_budget_that_no_noise_keeps_is_refused():
    with pytest.raises(InputError, match=r"privacy\.target_epsilon: 1e-06 found"):
        planned(target_epsilon=1e-6, persons=40, batch_size=40, steps=100_000)
