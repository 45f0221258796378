"""The loss by hand, in units of the spread of the training responses."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.drug_response.networks import two_tower
from seqmill.applications.drug_response.task import build_task
from seqmill.applications.profiled.options import Augmentation
from seqmill.models.two_tower import TwoTowerOptions
from seqmill.profiles.table import read_table
from seqmill.shards.loader import Loader
from seqmill.training.config import TrainerConfig


class Remembers(torch.nn.Module):
    """Says one number for each pair, and remembers its inputs."""

    def forward(self, profiles, molecules, of_profile, of_molecule):
        self.shown = profiles[of_profile], molecules[of_molecule]
        return torch.full((len(of_profile), 1), 0.5)


@pytest.fixture
def world(screens):
    manifest = screens["cell"].manifest
    loader = Loader(manifest, "train", batch_size=64, seed=1, shuffle=True, threads=0)
    batch = {name: torch.from_numpy(values.copy()) for name, values in next(loader.epoch(0)).items()}
    whole = Loader(manifest, "train", batch_size=10_000, seed=1, shuffle=False, threads=0)
    return SimpleNamespace(manifest=manifest, batch=batch, train=next(whole.epoch(0)))


def task(world, network, *, loss="standard", **augmentation):
    run = SimpleNamespace(augmentation=Augmentation(**augmentation), trainer=TrainerConfig(loss=loss))
    built = build_task(network=network, encoding=world.manifest.encoding, run=run, label_counts={})
    built.take_tables({name: read_table(path) for name, path in world.manifest.table_paths().items()})
    built.fit_tables(world.train)
    return built


def test_loss_and_prediction_are_in_the_right_units(world):
    built = task(world, Remembers())
    level, spread = world.train["response"].mean(), world.train["response"].std()
    wanted = (world.batch["response"].numpy() - level) / spread
    assert built.training_step(world.batch, 0).item() == pytest.approx(np.mean((0.5 - wanted) ** 2), rel=1e-4)
    said = built.predict_step(world.batch)["predicted_response"]
    assert said.numpy() == pytest.approx(0.5 * spread + level, rel=1e-4)


def test_a_robust_loss_is_learnt_by_and_the_standard_one_chosen_by(world, monkeypatch):
    built = task(world, Remembers(), loss="huber")
    level, spread = world.train["response"].mean(), world.train["response"].std()
    off = np.abs(0.5 - (world.batch["response"].numpy() - level) / spread)
    wanted = np.where(off < 1, off**2, 2 * off - 1)
    assert (off > 1).any()
    assert built.training_step(world.batch, 0).item() == pytest.approx(wanted.mean(), rel=1e-4)
    logged = {}
    monkeypatch.setattr(built, "log", lambda name, value, **_: logged.update({name: float(value)}))
    built.validation_step(world.batch, 0)
    assert logged["validation_loss"] == pytest.approx(np.mean(off**2), rel=1e-4)


def test_pairs_are_shown_their_own_rows(world):
    built = task(world, Remembers()).eval()
    built.predict_step(world.batch)
    profiles, molecules = built.network.shown
    bits = read_table(world.manifest.table_paths()["molecules"]).blocks["bits"].values
    assert np.array_equal(molecules.numpy(), bits[world.batch["molecule"].numpy()])
    assert profiles.shape == (64, 17)


def test_the_network_fits_the_tables(world):
    torch.manual_seed(0)
    options = TwoTowerOptions(left=(8,), right=(8,), head=())
    built = task(world, two_tower(world.manifest.encoding, options), modality_dropout=0.5)
    loss = built.training_step(world.batch, 0)
    loss.backward()
    assert all(parameter.grad is not None for parameter in built.network.parameters())


def test_the_state_holds_no_row_of_any_table(world):
    state = task(world, Remembers()).state_dict()
    assert set(state) == {
        "level",
        "spread",
        "inputs.profiles.mean_expression",
        "inputs.profiles.spread_expression",
        "inputs.profiles.share_expression",
    }
