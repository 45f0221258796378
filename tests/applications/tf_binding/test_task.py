"""The loss by hand, and what is changed at random."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.tf_binding.options import Augmentation, SiteCNNOptions
from seqmill.applications.tf_binding.spec import UNKNOWN, Options, encoding
from seqmill.applications.tf_binding.task import beside_shuffles, build_task
from seqmill.models.sequence import one_hot
from seqmill.models.windows import window_cnn
from seqmill.shards.fraction import in_fraction
from tests.applications.tf_binding import planted

OPTIONS = Options(factors=("A", "B"), window=20)
STILL = {"reverse_complement": False, "shift": 0}


class Counting(torch.nn.Module):
    """Gives the share of A and of C among all bases, and remembers what it was shown."""

    def forward(self, x):
        self.shown = x
        return x.mean(2)[:, :2]


def task(network=None, *, options=OPTIONS, smoothing=0.0, motifs="", init_from="", **augmentation):
    run = SimpleNamespace(
        augmentation=Augmentation(**STILL | augmentation),
        trainer=SimpleNamespace(label_smoothing=smoothing),
        model=SimpleNamespace(options=SiteCNNOptions(motifs=motifs)),
        init_from=init_from,
    )
    return build_task(network=network or Counting(), encoding=encoding(options), run=run, label_counts={})


@pytest.fixture
def batch():
    rng = np.random.default_rng(3)
    bound = np.array([[1, 0], [0, UNKNOWN], [1, 1]], np.uint8)
    return {
        "sequence": torch.from_numpy(rng.integers(0, 4, (3, 20)).astype(np.uint8)),
        "bound": torch.from_numpy(bound),
        "weight": torch.tensor([1.0, 2.0, 1.0]),
    }


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
def test_the_loss_is_that_of_the_definition(batch, smoothing):
    losses = []
    for codes, bound in zip(batch["sequence"].numpy(), batch["bound"].numpy(), strict=True):
        each = []
        for base, label in enumerate(bound):
            if label != UNKNOWN:
                p = 1 / (1 + np.exp(-(codes == base).mean()))
                wanted = label * (1 - smoothing) + smoothing / 2
                each.append(-wanted * np.log(p) - (1 - wanted) * np.log(1 - p))
        losses.append(np.mean(each))
    expected = np.average(losses, weights=batch["weight"].numpy())
    assert float(task(smoothing=smoothing).training_step(batch, 0)) == pytest.approx(expected, rel=1e-5)


def test_windows_are_turned_half_of_the_time(batch):
    one = task(reverse_complement=True)
    x, seen = one_hot(batch["sequence"]), []
    for seed in range(30):
        torch.manual_seed(seed)
        one.training_step(batch, 0)
        for row, shown in zip(x, one.network.shown, strict=True):
            turned = torch.equal(shown, row.flip((0, 1)))
            assert turned or torch.equal(shown, row)
            seen.append(turned)
    assert 0.3 < np.mean(seen) < 0.7


def test_predictions_are_those_of_both_strands(batch):
    logits = task().predict_step(batch)["logits"]
    x = one_hot(batch["sequence"]).mean(2)
    torch.testing.assert_close(logits, torch.stack([x[:, 0] + x[:, 3], x[:, 1] + x[:, 2]], 1) / 2)


def test_filters_begin_as_motifs_before_training_alone(tmp_path):
    (tmp_path / "m.meme").write_text(planted.meme(planted.MOTIFS))
    options = Options(factors=tuple(planted.MOTIFS), window=40)

    def stem(stage, **facts):
        torch.manual_seed(1)
        network = window_cnn(SiteCNNOptions(channels=8), length=40, outputs=2)
        drawn = network.trunk.stem.weight.detach().clone()
        task(network, options=options, **facts).setup(stage)
        return (network.trunk.stem.weight != drawn).flatten(1).any(1).tolist()

    path = str(tmp_path / "m.meme")
    assert stem("fit", motifs=path) == [True] * 4 + [False] * 4
    assert not any(stem("fit"))
    assert not any(stem("validate", motifs=path))
    assert not any(stem("fit", motifs=path, init_from="a.ckpt"))


IDS = np.random.default_rng(4).integers(0, 2**64, 64, np.uint64)
SHARE = in_fraction(IDS, 0.25)


def learnt(bound):
    """Give the weights after a few steps with a teacher and a quarter of the labels."""
    torch.manual_seed(5)
    rng = np.random.default_rng(6)
    batch = {
        "example_id": torch.from_numpy(IDS),
        "sequence": torch.from_numpy(rng.integers(0, 4, (64, 20)).astype(np.uint8)),
        "bound": torch.from_numpy(bound),
        "weight": torch.ones(64),
    }
    facts = {"labelled": 0.25, "teachers": ("a.ckpt",), "shift": 2, "reverse_complement": True}
    one = task(window_cnn(SiteCNNOptions(channels=8, hidden=8), length=20, outputs=2), **facts)
    one.take_teachers([task().eval()], [batch])
    optimizer = torch.optim.SGD(one.parameters(), lr=0.1)
    for step in range(3):
        optimizer.zero_grad()
        one.training_step(batch, step).backward()
        optimizer.step()
    return torch.nn.utils.parameters_to_vector(one.parameters()).detach()


def test_labels_outside_of_the_share_are_never_read():
    rng = np.random.default_rng(7)
    bound = rng.integers(0, 2, (64, 2)).astype(np.uint8)
    assert 5 < SHARE.sum() < 30
    hidden, shown = bound.copy(), bound.copy()
    hidden[~SHARE] = rng.choice(np.array([0, 1, UNKNOWN], np.uint8), hidden[~SHARE].shape)
    shown[np.flatnonzero(SHARE)[0]] ^= 1
    assert torch.equal(learnt(bound), learnt(hidden))
    assert not torch.equal(learnt(bound), learnt(shown))


def test_teachers_are_no_part_of_the_weights_and_not_forgotten(batch):
    one = task(teachers=("a.ckpt",), labelled=0.5)
    with pytest.raises(RuntimeError, match="take_teachers was not called"):
        one.training_step(batch, 0)
    one.take_teachers([task()], [batch | {"example_id": torch.arange(3).to(torch.uint64)}])
    assert not one.state_dict() and not list(one.parameters())


def pairs(codes):
    return sorted((codes[:-1] * 4 + codes[1:]).tolist())


def test_windows_stand_beside_their_shuffles(batch):
    both = beside_shuffles(batch, seed=5)
    windows, drawn = both["sequence"][:3], both["sequence"][3:]
    assert torch.equal(windows, batch["sequence"])
    assert not torch.equal(drawn, windows)
    for window, shuffle in zip(windows, drawn, strict=True):
        assert pairs(shuffle) == pairs(window)
    assert both["bound"].tolist() == [[1, 1]] * 3 + [[0, 0]] * 3
    assert both["weight"].tolist() == [1.0, 2.0, 1.0] * 2
    assert torch.equal(beside_shuffles(batch, seed=5)["sequence"], both["sequence"])
    assert not torch.equal(beside_shuffles(batch, seed=6)["sequence"], both["sequence"])


def test_against_shuffles_no_label_is_read(batch):
    one = task(against_shuffles=True)
    other = batch | {"bound": torch.full_like(batch["bound"], 1)}
    losses = []
    for given in (batch, other):
        torch.manual_seed(4)
        losses.append(float(one.training_step(given, 0)))
    shown = one.network.shown
    p = torch.sigmoid(shown.mean(2)[:, :2])
    by_hand = torch.cat([-p[:3].log(), -(1 - p[3:]).log()]).mean(1)
    weight = batch["weight"].repeat(2)
    assert losses == pytest.approx([float((by_hand * weight).sum() / weight.sum())] * 2, rel=1e-5)


def test_shuffles_are_drawn_anew_in_training_and_stay_in_validation(batch, monkeypatch):
    one = task(against_shuffles=True)
    logged = []
    monkeypatch.setattr(one, "log", lambda name, value, **_: logged.append(float(value)))
    for _ in range(2):
        one.validation_step(batch, 3)
    one.training_step(batch, 0)
    first = one.network.shown
    one.training_step(batch, 0)
    assert not torch.equal(one.network.shown, first)
    assert logged[0] == logged[1]


def test_shuffles_and_teachers_exclude_each_other():
    with pytest.raises(ValueError, match="against_shuffles, teachers: found both"):
        task(against_shuffles=True, teachers=("a.ckpt",))
