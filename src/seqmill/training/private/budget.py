"""How much privacy a number of steps costs, and how much noise a budget wants; Opacus's accountants.

Source of the method: Abadi et al. (2016), "Deep learning with differential privacy"; Mironov, Talwar and
Zhang (2019), "Renyi differential privacy of the sampled Gaussian mechanism"; Gopi, Lee and Wutschitz (2021),
"Numerical composition of differential privacy".
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from seqmill.errors import InputError
from seqmill.training.config import PrivacyConfig

SMALLEST_BATCH = 32
"""Below this an empty Poisson batch is no longer unheard of (its probability is exp(-size))."""

Steps = tuple[float, float, int]
"""Noise multiplier, sample rate, and steps taken with them."""


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What decides the cost of a step.

    Attributes
    ----------
    noise_multiplier : float
        Standard deviation of the noise over the clipping norm.
    sample_rate : float
        Probability of each person to be in a batch.
    persons : int
        Persons that may be learnt from.
    delta : float
        Probability that the guarantee fails.
    accountant : str
        ``rdp`` or ``prv``.
    """

    noise_multiplier: float
    sample_rate: float
    persons: int
    delta: float
    accountant: str

    def epsilon(self, steps: int) -> float:
        """Give what the first `steps` steps cost together."""
        return epsilon([(self.noise_multiplier, self.sample_rate, steps)], self.delta, self.accountant)


def plan_budget(settings: PrivacyConfig, *, persons: int, batch_size: int, steps: int) -> Budget:
    """Work out sample rate and noise.

    Parameters
    ----------
    settings : PrivacyConfig
        The noise, or the budget it is chosen for.
    persons : int
        Persons in the training split.
    batch_size : int
        Persons expected in a batch.
    steps : int
        Steps of the whole run.

    Raises
    ------
    InputError
        When batch size or delta do not fit the number of persons, or no noise keeps the budget.
    """
    if not SMALLEST_BATCH <= batch_size <= persons:
        raise InputError(
            f"trainer.batch_size: {batch_size} found, {SMALLEST_BATCH} to {persons} wanted, the persons of "
            "the training split, from which each batch is drawn at random"
        )
    if settings.delta * persons >= 1:
        raise InputError(
            f"privacy.delta: {settings.delta} found, below {1 / persons:.2g} wanted, one over the {persons} "
            "persons: else giving a person away whole would count as private"
        )
    rate = batch_size / persons
    noise = settings.noise_multiplier or _noise_for(settings, rate, steps)
    return Budget(
        noise_multiplier=noise,
        sample_rate=rate,
        persons=persons,
        delta=settings.delta,
        accountant=settings.accountant,
    )


def epsilon(history: Iterable[Steps], delta: float, accountant: str) -> float:
    """Give the epsilon of steps taken one after the other on the same persons, 0.0 of none.

    Parameters
    ----------
    history : iterable of tuple
        Noise multiplier, sample rate and number of steps, in any order.
    delta : float
        Probability that the guarantee fails.
    accountant : str
        ``rdp`` or ``prv``.
    """
    taken = [steps for steps in history if steps[2]]
    if not taken:
        return 0.0
    from opacus.accountants import create_accountant

    counted = create_accountant(mechanism=accountant)
    counted.history = taken
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a best order at the end of the range gives a larger bound, never a wrong one
        return float(counted.get_epsilon(delta=delta))


def _noise_for(settings: PrivacyConfig, rate: float, steps: int) -> float:
    from opacus.accountants.utils import get_noise_multiplier

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return get_noise_multiplier(
                target_epsilon=settings.target_epsilon,
                target_delta=settings.delta,
                sample_rate=rate,
                steps=steps,
                accountant=settings.accountant,
                epsilon_tolerance=settings.target_epsilon / 1000,
            )
        except ValueError:
            raise InputError(
                f"privacy.target_epsilon: {settings.target_epsilon} found, which no noise keeps over {steps} "
                "steps; raise it, or train for fewer epochs"
            ) from None
