"""Who was learnt from shows in losses of a model that knows them by heart, and not where noise hides them."""

import persons
import pytest
import torch
from torch import nn

from seqmill.evaluation.membership import audit_membership, example_losses
from seqmill.shards.fraction import in_fraction
from seqmill.training.tables import give_tables


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    plan = persons.write_people(folder, people=700, features=60)
    return persons.build_people(folder / "made", plan, dataset="crowd").manifest


class Lookup(nn.Module):
    """Answers each person with a logit of the person's own."""

    def __init__(self, logits):
        super().__init__()
        self.logits = nn.Parameter(logits)

    def forward(self, which):
        return self.logits[which][:, None]


class Known(persons.TraitTask):
    """Knows persons by their row."""

    def input_of(self, name, rows, dropped=0.0):
        return rows.long()


def model(crowd, *, learnt, noise):
    """Give a model that knows the labels of the training persons by so much, blurred by so much."""
    torch.manual_seed(2)
    from seqmill.evaluation.dataset import read_examples

    logits = noise * torch.randn(700)
    examples = read_examples(crowd, "train", threads=0)
    signs = torch.tensor(2 * examples[persons.LABEL].to_numpy() - 1)
    logits[torch.tensor(examples["profile"].to_numpy()).long()] += learnt * signs
    task = Known(network=Lookup(logits), encoding=crowd.encoding, run=None)
    give_tables(task, crowd)
    return task


@pytest.mark.parametrize(
    ("learnt", "noise", "low", "high"), [(4, 1, 0.95, 1), (1, 1, 0.65, 0.9), (0, 1, 0.42, 0.58)]
)
def test_the_more_is_known_by_heart_the_more_the_attack_finds(crowd, learnt, noise, low, high):
    (row,) = audit_membership(model(crowd, learnt=learnt, noise=noise), crowd, replicates=200)
    assert row["metric"] == "membership_auroc" and not row["primary"]
    assert low < row["value"] <= high
    assert row["low"] <= row["value"] <= row["high"]
    assert (row["low"] > 0.5) == (learnt > 0)


def test_a_model_that_says_the_same_of_all_gives_no_answer_of_equal_losses(crowd):
    task = model(crowd, learnt=0, noise=0)
    assert audit_membership(task, crowd) == []  # log 2 for each of them


def test_losses_are_those_of_each_example_alone(crowd):
    task = model(crowd, learnt=1, noise=1)
    told = example_losses(task, crowd, "test")
    assert len(told) == crowd.rows("test") and told["block"].is_unique
    with torch.inference_mode():
        mean = next(iter(_batches(crowd)))
        assert -told["score_loss"].mean() == pytest.approx(float(task.training_step(mean, 0)), rel=1e-5)


def test_members_are_those_of_the_share_that_was_learnt_from(crowd):
    task = model(crowd, learnt=1, noise=1)
    every, some = (example_losses(task, crowd, "train", fraction=share) for share in (1.0, 0.3))
    learnt = every[in_fraction(every["item"].to_numpy(), 0.3)]
    assert 0 < len(learnt) < len(every)
    assert sorted(some["item"]) == sorted(learnt["item"])


def _batches(crowd):
    from seqmill.shards.loader import Loader

    loader = Loader(crowd, "test", batch_size=10_000, seed=0, shuffle=False, threads=0)
    return ({name: torch.from_numpy(values) for name, values in one.items()} for one in loader.epoch(0))
