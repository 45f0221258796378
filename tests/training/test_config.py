"""The last epoch of a run is always evaluated; privacy is asked for in one way."""

import pytest

from seqmill.errors import ConfigErrors
from seqmill.training.config import PrivacyConfig, TrainerConfig


@pytest.mark.parametrize(("epochs", "every"), [(6, 1), (6, 2), (6, 6)])
def test_epochs_are_a_multiple_of_the_evaluations(epochs, every):
    assert TrainerConfig(epochs=epochs, evaluate_every=every).epochs == epochs


@pytest.mark.parametrize(("epochs", "every"), [(6, 4), (6, 7)])
def test_an_unevaluated_last_epoch_is_refused(epochs, every):
    with pytest.raises(ValueError, match=f"found {epochs}, want a multiple of evaluate_every={every}"):
        TrainerConfig(epochs=epochs, evaluate_every=every)


@pytest.mark.parametrize(("noise", "target"), [(0.0, 0.0), (1.0, 3.0)])
def test_private_training_wants_either_noise_or_a_budget(noise, target):
    with pytest.raises(ValueError, match="want one of them above 0"):
        PrivacyConfig(name="dp_sgd", noise_multiplier=noise, target_epsilon=target)
    assert not PrivacyConfig(noise_multiplier=noise, target_epsilon=target).is_on


def test_shards_of_weights_are_not_averaged():
    with pytest.raises(ValueError, match=r"average: found 0\.9 with strategy=fsdp, want 0"):
        TrainerConfig(average=0.9, strategy="fsdp")
    assert TrainerConfig(average=0.9, strategy="ddp").average == 0.9


def test_the_steps_of_shards_are_not_made_orthogonal(compose_run):
    with pytest.raises(
        ConfigErrors, match=r"optimizer\.name: found muon with trainer\.strategy=fsdp, want adamw"
    ):
        compose_run("optimizer.name=muon", "trainer.strategy=fsdp")
    assert compose_run("optimizer.name=muon", "trainer.strategy=ddp").optimizer.name == "muon"
