"""The last epoch of a run is always evaluated."""

import pytest

from seqmill.training.config import TrainerConfig


@pytest.mark.parametrize(("epochs", "every"), [(6, 1), (6, 2), (6, 6)])
def test_epochs_are_a_multiple_of_the_evaluations(epochs, every):
    assert TrainerConfig(epochs=epochs, evaluate_every=every).epochs == epochs


@pytest.mark.parametrize(("epochs", "every"), [(6, 4), (6, 7)])
def test_an_unevaluated_last_epoch_is_refused(epochs, every):
    with pytest.raises(ValueError, match=f"found {epochs}, want a multiple of evaluate_every={every}"):
        TrainerConfig(epochs=epochs, evaluate_every=every)
