"""The loss by hand; what is hidden does not leak; strands and places of predictions."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.masked_bases.masks import masked_places
from seqmill.applications.masked_bases.networks import masked_cnn
from seqmill.applications.masked_bases.options import Augmentation, MaskedCNNOptions
from seqmill.applications.masked_bases.spec import Options, encoding
from seqmill.applications.masked_bases.task import build_task
from seqmill.errors import InputError

OPTIONS = Options(span=60, flank=60)
IDS = torch.tensor([3, 2**63 + 5, 77], dtype=torch.uint64)


class Fixed(torch.nn.Module):
    """Says the same of each base, and remembers what it was shown."""

    margin, trunk = 5, SimpleNamespace(pool=5)
    logits = torch.tensor([2.0, 1.0, 0.0, -1.0])

    def forward(self, x):
        self.shown = x
        return self.logits[None, :, None].expand(len(x), 4, x.shape[-1] - 2 * self.margin)


def task(network=None, **augmentation):
    given = {"jitter": 0, "reverse_complement": False} | augmentation
    run = SimpleNamespace(augmentation=Augmentation(**given))
    return build_task(network=network or Fixed(), encoding=encoding(OPTIONS), run=run, label_counts={})


def trained():
    torch.manual_seed(0)
    options = MaskedCNNOptions(channels=8, stem=5, dilations=(1,), near=3, hidden=6)
    return task(masked_cnn(encoding(OPTIONS), options)).eval()


@pytest.fixture
def batch():
    codes = np.random.default_rng(2).integers(0, 4, (3, OPTIONS.width)).astype(np.uint8)
    codes[1, 60:100] = 4
    weight = torch.tensor([1.0, 2.0, 1.0])
    return {"sequence": torch.from_numpy(codes), "example_id": IDS, "weight": weight}


def test_predictions_and_the_loss_are_those_of_the_definition(batch):
    one = task()
    outputs = one.predict_step(batch)
    # the other strand says of a base what is said of its complement
    logits = Fixed.logits.numpy()
    own = np.exp(logits) / np.exp(logits).sum()
    told = (own + own[::-1]) / 2
    inner = batch["sequence"].numpy()[:, 60:120]
    losses = []
    for row in range(3):
        places = [place for place in masked_places(IDS, 60)[row].tolist() if place < 60]
        known = [place for place in places if inner[row, place] < 4]
        found = outputs["log_likelihoods"][row].numpy()
        wanted = [np.log(told[inner[row, place]]) for place in known]
        np.testing.assert_allclose(found[~np.isnan(found)], wanted, rtol=1e-6)
        losses.append(np.mean([-np.log(own[inner[row, place]]) for place in known]))
        right = [inner[row, place] == told.argmax() for place in known]
        assert float(outputs["accuracy"][row]) == pytest.approx(np.mean(right))
    logged = {}
    one.log = lambda name, value, **more: logged.update({name: float(value)})
    one.validation_step(batch, 0)
    assert logged["validation_loss"] == pytest.approx(np.average(losses, weights=[1, 2, 1]), rel=1e-6)


def test_no_prediction_hangs_on_what_is_hidden(batch):
    one, shown = trained(), []
    one.network.register_forward_pre_hook(lambda module, given: shown.append(given[0]))
    one.predict_step(batch)
    places = masked_places(IDS, 60)
    changed = batch["sequence"].clone()
    for row in range(3):
        for place in places[row][places[row] < 60].tolist():
            if changed[row, 60 + place] < 4:
                changed[row, 60 + place] = (changed[row, 60 + place] + 1) % 4
    one.predict_step(batch | {"sequence": changed})
    assert not torch.equal(changed, batch["sequence"])
    forward, backward, *again = shown
    assert torch.equal(forward, again[0]) and torch.equal(backward, again[1])


def test_an_example_and_its_other_strand_are_told_alike(batch):
    one = trained()
    codes = batch["sequence"][:1]
    turned = torch.where(codes < 4, 3 - codes, codes).flip(1)
    first = int(masked_places(IDS[:1], 60)[0, 0])
    mirrored = (60 - 1 - first) % 7
    there = one.predict_step({"sequence": codes, "example_id": IDS[:1]})["log_likelihoods"][0]
    other = torch.tensor([mirrored], dtype=torch.uint64)
    back = one.predict_step({"sequence": turned, "example_id": other})["log_likelihoods"][0]
    torch.testing.assert_close(there[~there.isnan()], back[~back.isnan()].flip(0), rtol=1e-4, atol=1e-5)


def test_moves_stay_inside_the_flank_and_half_of_all_are_turned(batch):
    one = task(jitter=20, reverse_complement=True, masked=0.01)
    codes = batch["sequence"]
    strands = [codes, torch.where(codes < 4, 3 - codes, codes).flip(1)]
    seen = set()
    for seed in range(60):
        torch.manual_seed(seed)
        one.training_step(batch, 0)
        shown = one.network.shown[0]
        for turned, strand in enumerate(strands):
            for at in range(len(strand[0]) - 70 + 1):
                piece = strand[0, at : at + 70]
                alike = shown.argmax(0) == piece.long()
                if alike.float().mean() > 0.9:
                    seen.add((turned, at - 55))
    assert {turned for turned, _ in seen} == {0, 1}
    assert max(abs(moved) for _, moved in seen) <= 20
    assert len(seen) > 20


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(
        InputError, match=r"options.flank: found 60, want at least 75: the network sees 5 bases"
    ):
        task(jitter=70)
    network = Fixed()
    network.trunk = SimpleNamespace(pool=7)
    with pytest.raises(InputError, match=r"model.options.pool: found 7, want a divisor of options.span = 60"):
        task(network)
