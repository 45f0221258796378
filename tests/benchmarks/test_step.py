"""The plain step computes what ours computes: only how it is written differs."""

import pytest
import step
import torch
from generated import ENCODING, dataset

from seqmill.shards.loader import Loader
from seqmill.training.module import build_module
from seqmill.training.seeding import seed_at


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    return dataset(tmp_path_factory.mktemp("pileups"), train=64, validation=8)


@pytest.mark.parametrize("name", step.GOALS)
def test_both_forms_give_the_same_loss_and_gradients(manifest, name):
    loader = Loader(manifest, "train", batch_size=64, seed=1, shuffle=True, threads=0)
    batch = {key: torch.from_numpy(array) for key, array in next(loader.epoch(0)).items()}
    run = step.run_of(name, manifest.path)
    seed_at(1)
    ours = build_module(run, ENCODING, step.COUNTS).eval()
    plain = step.plain_form(ours, name).eval()
    found = []
    for module, entered in ((ours, False), (plain, True)):
        module.log = lambda *_, **__: None
        torch.manual_seed(1)
        with step.Plain(entered):
            loss = module.training_step(batch, 0)
        loss.backward()
        found.append([loss.detach(), *(parameter.grad for parameter in module.parameters())])
    for one, other in zip(*found, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-5)
