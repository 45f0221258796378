"""Targets by hand: labels where they may be read, the mean of teachers elsewhere."""

import numpy as np
import pytest
import torch

from seqmill.applications.tf_binding.soft_labels import ask
from seqmill.applications.tf_binding.spec import UNKNOWN
from seqmill.shards.fraction import in_fraction

IDS = np.random.default_rng(1).integers(0, 2**64, 200, np.uint64)


class Teacher:
    """Gives logits by the first base of a window."""

    def __init__(self, *logits):
        self.logits = torch.tensor(logits)

    def predict_step(self, batch):
        first = batch["sequence"][:, 0].float()[:, None]
        return {"logits": self.logits + first}


def batches(size, labels=None):
    """Cut the examples, whose first base is their number modulo four, into batches."""
    for at in range(0, len(IDS), size):
        rows = np.arange(at, min(at + size, len(IDS)))
        yield {
            "example_id": torch.from_numpy(IDS[rows]),
            "sequence": torch.from_numpy((rows % 4)[:, None].astype(np.uint8)),
        } | ({} if labels is None else {"bound": torch.from_numpy(labels[rows])})


@pytest.mark.parametrize("size", [7, 200])
def test_targets_are_labels_of_the_share_and_the_mean_of_teachers_elsewhere(size):
    labels = np.random.default_rng(2).choice(np.array([0, 1, UNKNOWN], np.uint8), (200, 2))
    told = ask([Teacher(0.0, -1.0), Teacher(2.0, -3.0)], batches(size), labelled=0.3)
    first = (np.arange(200) % 4)[:, None]
    each = [1 / (1 + np.exp(-(first + np.array(logits)))) for logits in ([0.0, -1.0], [2.0, -3.0])]
    mean = (each[0] + each[1]) / 2
    share = in_fraction(IDS, 0.3)
    read = share[:, None] & (labels != UNKNOWN)
    assert 30 < share.sum() < 90 and (share[:, None] & ~read).any()
    found = np.concatenate([told.wanted(batch).numpy() for batch in batches(9, labels)])
    np.testing.assert_allclose(found, np.where(read, labels == 1, mean), rtol=1e-6)


def test_the_ids_of_all_the_range_are_found_in_their_order():
    assert (IDS >= 2**63).any() and (IDS < 2**63).any()
    told = ask([Teacher(0.0)], batches(50), labelled=1.0)
    assert bool((told.keys[1:] > told.keys[:-1]).all()) and bool(told.labelled.all())
