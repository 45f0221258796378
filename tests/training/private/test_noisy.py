"""Each step is clipped for each person and blurred; one that is not is found at once."""

import numpy as np
import pytest
import pytorch_lightning as pl
import torch

from seqmill.errors import InputError, SeqmillError
from seqmill.training.hardware import find_hardware
from seqmill.training.private.budget import Budget
from seqmill.training.private.noisy import Noisy
from seqmill.training.private.sampling import PoissonBatches
from seqmill.training.private.secret import draws
from seqmill.training.private.start import check_private

LIMIT, NOISE, RATE, PERSONS, WIDTH = 0.5, 2.0, 0.5, 80, 3


class Line(pl.LightningModule):
    """Squared error of a line; its gradient for each person is known in closed form."""

    def __init__(self):
        super().__init__()
        self.network = torch.nn.Linear(WIDTH, 1, bias=False)

    def training_step(self, batch, index):
        return (0.5 * (self.network(batch["x"])[:, 0] - batch["y"]) ** 2).mean()

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


@pytest.fixture
def drawn():
    rng = np.random.default_rng(3)
    told = {
        "x": rng.normal(0, 1, (PERSONS, WIDTH)).astype(np.float32),
        "y": rng.normal(0, 3, PERSONS).astype(np.float32),
        "weight": np.ones(PERSONS, np.float32),
    }
    return told, PoissonBatches(told, rate=RATE, steps=4, seed=1, key=(9,))


def noisy(**more):
    budget = Budget(noise_multiplier=NOISE, sample_rate=RATE, persons=PERSONS, delta=1e-3, accountant="rdp")
    return Noisy(budget, max_grad_norm=LIMIT, seed=1, key=(9,), **{"spent": lambda steps: None} | more)


def fit(module, batches, *callbacks, **more):
    trainer = pl.Trainer(
        max_epochs=1,
        callbacks=list(callbacks),
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        **more,
    )
    trainer.fit(module, batches)
    return trainer


def hooked():
    from seqmill.training.private.gradients import attach

    torch.manual_seed(0)
    module = Line()
    attach(module)
    return module


pytestmark = pytest.mark.filterwarnings("ignore")  # what a bare trainer says of this machine and its loaders


def test_steps_are_those_of_the_algorithm_worked_out_by_hand(drawn):
    told, batches = drawn
    module = hooked()
    weight = module.network.weight.detach().numpy().astype(np.float64)[0].copy()
    spent = []
    fit(module, batches, noisy(spent=spent.append))
    for step in range(4):
        rows = PoissonBatches(told, rate=RATE, steps=4, seed=1, key=(9,)).chosen(step)
        gradients = (told["x"][rows] @ weight - told["y"][rows])[:, None] * told["x"][rows]
        norms = np.linalg.norm(gradients, axis=1, keepdims=True)
        generator = torch.Generator()
        generator.manual_seed(int(draws((9,), 1, 2, step).generate_state(1, np.uint64)[0] >> np.uint64(1)))
        noise = torch.normal(0, NOISE * LIMIT, (1, WIDTH), generator=generator).numpy()[0]
        total = (gradients * np.minimum(1, LIMIT / norms)).sum(0) + noise
        weight -= 0.1 * total / (RATE * PERSONS)
    assert module.network.weight.detach().numpy()[0] == pytest.approx(weight, rel=1e-4)
    assert spent == [4]


class Unswap(pl.Callback):
    """Puts the plain optimiser back, as if the swap had been lost."""

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        if batch_idx == 2:
            trainer.strategy.optimizers = [trainer.strategy.optimizers[0].original_optimizer]


def test_a_step_without_noise_is_found_at_once(drawn):
    with pytest.raises(SeqmillError, match="3 steps taken and 2 of them blurred; nothing is written"):
        fit(hooked(), drawn[1], noisy(), Unswap())


def test_gradients_that_are_added_up_are_refused(drawn):
    with pytest.raises(InputError, match="added up over 2 batches"):
        fit(hooked(), drawn[1], noisy(), accumulate_grad_batches=2)


def test_several_processes_and_bf16_are_refused(configured):
    run = configured({"noise_multiplier": 1.0})
    with pytest.raises(InputError, match="2 processes found, 1 wanted; give --devices 1"):
        check_private(run, find_hardware("fp32", 2))
    with pytest.raises(InputError, match="fp32 wanted with privacy"):
        check_private(run, find_hardware("bf16"))
    check_private(run, find_hardware("fp32"))


def test_the_count_goes_on_from_a_saved_state():
    callback = noisy()
    callback.load_state_dict({"steps": 7})
    callback._count(None)
    assert callback.state_dict() == {"steps": 8}
