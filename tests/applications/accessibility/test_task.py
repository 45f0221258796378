"""The loss by hand, and the geometry of moves, turns and predictions."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.applications.accessibility.networks import dilated_cnn
from seqmill.applications.accessibility.options import Augmentation, DilatedCNNOptions
from seqmill.applications.accessibility.sequence import sequence_function
from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.applications.accessibility.task import build_task
from seqmill.errors import InputError
from seqmill.models.sequence import one_hot

OPTIONS = Options(span=40, flank=30, window=20, stride=10)
ROWS = 3


class Flat(torch.nn.Module):
    """Expects the same in every bin, and remembers what it was shown."""

    margin, bin, step = 5, 5, 5

    def forward(self, x):
        self.shown = x
        bins = (x.shape[-1] - 2 * self.margin) // self.bin
        windows = (bins - 4) // 1 + 1
        return torch.full((len(x), 1, bins), -0.5), torch.full((len(x), 1, windows), 1.2)


def task(**augmentation):
    run = SimpleNamespace(
        augmentation=Augmentation(**{"jitter": 0, "reverse_complement": False} | augmentation)
    )
    return build_task(network=Flat(), encoding=encoding(OPTIONS), run=run, label_counts={})


HEADS = [f"network.head.{name}.{part}" for name in ("rate", "correction.2") for part in ("weight", "bias")]


@pytest.fixture
def batch():
    return examples()


def examples():
    rng = np.random.default_rng(3)
    ends = rng.integers(0, 5, (ROWS, OPTIONS.width)).astype(np.uint8)
    ends[1, 30:52] = 255
    ends[2] = 255
    return {
        "sequence": torch.from_numpy(rng.integers(0, 4, (ROWS, OPTIONS.width)).astype(np.uint8)),
        "ends": torch.from_numpy(ends),
        "coverage": torch.tensor([1.0, 1.5, 1.0]),
        "weight": torch.tensor([1.0, 2.0, 1.0]),
    }


def test_the_loss_is_that_of_the_definition(batch):
    ends = batch["ends"].numpy()[:, 30:70].astype(float)
    losses = []
    for row in range(ROWS):
        coverage = float(batch["coverage"][row])
        bins = [ends[row, at : at + 5] for at in range(0, 40, 5)]
        surprise = [
            np.exp(-0.5) * coverage - part.sum() * (-0.5 + np.log(coverage))
            for part in bins
            if 255 not in part
        ]
        windows = [ends[row, at : at + 20] for at in range(0, 25, 5)]
        errors = [
            (np.log1p(np.exp(1.2) * coverage) - np.log1p(part.sum())) ** 2
            for part in windows
            if 255 not in part
        ]
        losses.append(sum(np.mean(terms) for terms in (surprise, errors) if terms))
    expected = np.average(losses, weights=batch["weight"].numpy())
    assert float(task().training_step(batch, 0)) == pytest.approx(expected, rel=1e-5)


def test_moves_stay_inside_the_flank_and_differ_between_examples(batch):
    one = task(jitter=20)
    seen = set()
    for seed in range(40):
        torch.manual_seed(seed)
        one.training_step(batch, 0)
        shown = one.network.shown.argmax(1)
        for row in range(ROWS):
            wanted = batch["sequence"][row].long().unfold(0, 50, 1)
            found = (wanted == shown[row]).all(1).nonzero().ravel()
            assert len(found) == 1
            seen.add(int(found[0]) - 25)
    assert min(seen) < -15
    assert max(seen) > 15
    assert max(map(abs, seen)) <= 20


def test_sequence_and_ends_are_turned_together(batch):
    class Pointed(Flat):
        """Expects most where it sees A, so that the loss tells whether both were turned."""

        def forward(self, x):
            super().forward(x)
            inner = x[..., self.margin : -self.margin]
            rates = torch.nn.functional.avg_pool1d(inner[:, 0] + inner[:, 3], 5) - 1
            return rates[:, None], torch.full((len(x), 1, rates.shape[1] - 3), 1.2)

    one = task(reverse_complement=True)
    one.network = Pointed()
    found = set()
    for seed in range(20):
        torch.manual_seed(seed)
        found.add(round(float(one.training_step(batch, 0)), 4))
    assert len(found) == 1


def test_predictions_cover_the_scored_windows(batch):
    outputs = task().predict_step(batch)
    assert outputs["log_counts"].shape == (ROWS, OPTIONS.windows)
    assert outputs["log_rates"].shape == (ROWS, (OPTIONS.span + OPTIONS.tail) // 5)
    torch.testing.assert_close(outputs["log_counts"][0, 0], torch.tensor(1.2).exp().log1p())


def test_too_narrow_a_flank_is_refused():
    with pytest.raises(InputError, match=r"options.flank: found 30, want at least 45: the network sees 5"):
        task(jitter=40)


class TestTracks:
    """Several tracks over one trunk, with a small network of its own weights."""

    NAMES = ("leaf", "root", "seed")

    def build(self, names, weights=None):
        options = Options(span=40, flank=30, window=20, stride=10, tracks=tuple(names))
        torch.manual_seed(4)
        small = DilatedCNNOptions(channels=4, stem=3, dilations=(1,), hidden=3, step=5, dropout=0)
        network = dilated_cnn(encoding(options), small)
        torch.nn.init.normal_(network.head.rate.weight)
        run = SimpleNamespace(augmentation=Augmentation(jitter=0, reverse_complement=False))
        task = build_task(network=network, encoding=encoding(options), run=run, label_counts={})
        if weights:
            task.load_state_dict(weights)
        return task

    @pytest.mark.parametrize("absent", [0, 1, 2])
    def test_an_example_teaches_its_own_track_alone(self, batch, absent):
        task = self.build(self.NAMES)
        given = batch | {"track": torch.tensor([n for n in range(3) if n != absent] + [(absent + 1) % 3])}
        given["track"] = given["track"].to(torch.int8)
        given["ends"] = batch["ends"].clone().clamp(max=5)
        task.training_step(given, 0).backward()
        head = task.network.head
        for weights in (head.rate.weight, head.correction[2].weight, head.rate.bias, head.correction[2].bias):
            moved = weights.grad.flatten(1).abs().sum(1) if weights.ndim > 1 else weights.grad.abs()
            assert (moved > 0).tolist() == [n != absent for n in range(3)]
        assert all(weights.grad.abs().sum() > 0 for weights in task.network.trunk.parameters())

    def test_the_loss_is_the_mean_of_what_each_track_would_say_alone(self, batch):
        task = self.build(self.NAMES)
        whole = self.loss(task, batch, [2, 0, 1])
        rows = []
        for row, track in enumerate((2, 0, 1)):
            own = {name: values[row : row + 1] for name, values in batch.items()}
            rows.append(self.loss(self.alone(task, track), own, None))
        assert whole == pytest.approx(np.average(rows, weights=batch["weight"].numpy()), rel=1e-5)

    @given(order=st.permutations(range(3)), rows=st.permutations(range(ROWS)))
    def test_neither_the_order_of_tracks_nor_that_of_samples_changes_the_loss(self, order, rows):
        batch, task = examples(), self.build(self.NAMES)
        tracks = [1, 2, 0]
        weights = task.state_dict()
        for name in HEADS:
            weights[name] = weights[name][list(order)]
        other = self.build([self.NAMES[n] for n in order], weights)
        moved = {name: values[list(rows)] for name, values in batch.items()}
        expected = self.loss(task, batch, tracks)
        found = self.loss(other, moved, [list(order).index(tracks[row]) for row in rows])
        assert found == pytest.approx(expected, rel=1e-5)

    def test_a_prediction_is_of_the_own_track_or_of_all(self, batch):
        task = self.build(self.NAMES).eval()
        every = task.predict_step({"sequence": batch["sequence"]})
        assert list(every) == [f"{name}_log_counts" for name in self.NAMES]
        own = task.predict_step(batch | {"track": torch.tensor([2, 0, 1], dtype=torch.int8)})
        for row, name in enumerate(("seed", "leaf", "root")):
            torch.testing.assert_close(own["log_counts"][row], every[f"{name}_log_counts"][row])
        assert own["log_rates"].shape == (ROWS, 10)
        for track, name in enumerate(self.NAMES):
            alone = self.alone(task, track).eval().predict_step({"sequence": batch["sequence"]})
            torch.testing.assert_close(alone["log_counts"], every[f"{name}_log_counts"])

    def test_the_function_of_dna_gives_each_track(self, batch):
        function = sequence_function(self.build(self.NAMES))
        assert function.outputs == self.NAMES
        x = one_hot(torch.randint(0, 4, (5, function.length), generator=torch.Generator().manual_seed(1)))
        with torch.no_grad():
            told = function(x)
            assert told.shape == (5, 3)
            for track in range(3):
                alone = sequence_function(self.alone(self.build(self.NAMES), track))
                assert alone.outputs == ("log_count",)
                torch.testing.assert_close(alone(x)[:, 0], told[:, track])

    def alone(self, task, track):
        """Give the same model of one track, in a dataset without tracks."""
        weights = {
            name: values[track : track + 1] if name in HEADS else values
            for name, values in task.state_dict().items()
        }
        return self.build((), weights)

    def loss(self, task, batch, tracks):
        told = {} if tracks is None else {"track": torch.tensor(tracks, dtype=torch.int8)}
        with torch.no_grad():
            return float(task.eval().training_step(batch | told, 0))
