"""The loss by hand, and what masked bases, weights and drawn bases do."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.splicing.labels import MASKED
from seqmill.applications.splicing.options import Augmentation
from seqmill.applications.splicing.spec import Options, encoding
from seqmill.applications.splicing.task import build_task
from seqmill.errors import InputError

OPTIONS = Options(span=4, context=6)


class Counted(torch.nn.Module):
    """Tells donor where it sees G, acceptor where it sees C, and remembers what it was shown."""

    margin = 2

    def forward(self, x):
        self.shown = x
        inner = x[..., self.margin : x.shape[-1] - self.margin]
        return torch.stack([torch.zeros_like(inner[:, 0]), 2 * inner[:, 2], inner[:, 1]], 1)


def task(mutated=0.0, smoothing=0.0, *, recombined=0.0, options=OPTIONS):
    run = SimpleNamespace(
        augmentation=Augmentation(mutated=mutated, recombined=recombined),
        trainer=SimpleNamespace(label_smoothing=smoothing),
    )
    return build_task(network=Counted(), encoding=encoding(options), run=run, label_counts={})


@pytest.fixture
def batch():
    rng = np.random.default_rng(3)
    return {
        "sequence": torch.from_numpy(rng.integers(0, 4, (3, OPTIONS.width)).astype(np.uint8)),
        "sites": torch.tensor([[0, 1, 2, 0], [0, MASKED, 1, MASKED], [MASKED] * 3 + [2]], dtype=torch.uint8),
        "weight": torch.tensor([1.0, 2.0, 1.0]),
    }


def test_the_loss_is_the_mean_over_labelled_bases_and_by_weight(batch):
    losses = []
    for codes, sites in zip(batch["sequence"].tolist(), batch["sites"].tolist(), strict=True):
        terms = []
        for code, site in zip(codes[3:7], sites, strict=True):
            logits = np.array([0.0, 2.0 * (code == 2), 1.0 * (code == 1)])
            if site != MASKED:
                terms.append(np.log(np.exp(logits).sum()) - logits[site])
        losses.append(np.mean(terms))
    wanted = np.average(losses, weights=[1, 2, 1])
    assert float(task().training_step(batch, 0)) == pytest.approx(wanted, rel=1e-5)
    assert task().network.margin < OPTIONS.flank


def test_bases_are_drawn_anew_in_training_alone_and_unknown_ones_stay(batch):
    batch["sequence"][:, 2] = 4
    one = task(mutated=0.9)
    torch.manual_seed(1)
    one.training_step(batch, 0)
    known = batch["sequence"][:, 1:-1].long()
    assert (one.network.shown.sum(1) == (known < 4)).all()
    assert (one.network.shown.argmax(1) != known)[known < 4].float().mean() > 0.4
    told = one.predict_step(batch)
    assert torch.equal(one.network.shown.argmax(1)[known < 4], known[known < 4])
    assert told["donors"].shape == told["acceptors"].shape == (3, 4)


def test_probabilities_are_those_of_the_classes(batch):
    told = task().predict_step(batch)
    donor = torch.where(batch["sequence"][:, 3:7] == 2, np.exp(2) / (np.exp(2) + 2), 0.0)
    is_g = batch["sequence"][:, 3:7] == 2
    torch.testing.assert_close(told["donors"][is_g].double(), donor[is_g].double())


def test_too_little_context_is_refused():
    network = Counted()
    network.margin = 4
    run = SimpleNamespace()
    with pytest.raises(InputError, match=r"options.context: found 6, want at least 8"):
        build_task(network=network, encoding=encoding(OPTIONS), run=run, label_counts={})


def test_windows_without_a_site_are_recombined_in_training_alone():
    options = Options(span=1, context=6)
    one = task(recombined=1.0, options=options)
    codes = torch.tensor([[1] * options.width, [3] * options.width], dtype=torch.uint8)
    given = {"sequence": codes, "sites": torch.tensor([[1], [0]], dtype=torch.uint8), "weight": torch.ones(2)}
    one.training_step(given, 0)
    assert (one.network.shown.argmax(1) == 1).all()
    one.predict_step(given)
    assert (one.network.shown[1].argmax(0) == 3).all()


def test_windows_of_several_bases_cannot_be_recombined():
    with pytest.raises(InputError, match=r"augmentation\.recombined: found 0\.5 with 4 labelled.*want 0"):
        task(recombined=0.5)
