"""One number for each person, in the unit of its outcome, and the loss of that outcome."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.disease_risk import task as module
from seqmill.applications.disease_risk.losses import cox_loss
from seqmill.applications.disease_risk.networks import profile_mlp
from seqmill.applications.disease_risk.task import build_task, class_weights, risk_of
from seqmill.applications.profiled.options import Augmentation
from seqmill.errors import InputError
from seqmill.evaluation.dataset import read_examples
from seqmill.interpretation.profiles import attribute_one, names_of
from seqmill.models.profile_mlp import ProfileMLPOptions
from seqmill.profiles.table import read_table
from seqmill.shards.loader import Loader
from tests.applications.disease_risk import ancestries
from tests.applications.disease_risk.cohort import OUTCOMES

COUNTS = {"unaffected": 75, "affected": 25}


class Says(torch.nn.Module):
    """Says the first standardised input of each person."""

    def forward(self, inputs):
        return inputs[:, :1]


def world(dataset, network, rule="none", loss="standard"):
    manifest = dataset.manifest
    run = SimpleNamespace(
        augmentation=Augmentation(),
        trainer=SimpleNamespace(class_weights=rule, label_smoothing=0.0, loss=loss),
    )
    task = build_task(network=network, encoding=manifest.encoding, run=run, label_counts=COUNTS)
    task.take_tables({name: read_table(path) for name, path in manifest.table_paths().items()})
    loader = Loader(manifest, "train", batch_size=10_000, seed=1, shuffle=False, threads=0)
    train = next(loader.epoch(0))
    task.fit_tables(train)
    batch = {
        name: torch.from_numpy(values.copy()) for name, values in train.items() if values.dtype != object
    }
    return task, batch, train


def test_log_odds_are_the_difference_of_the_logits(cohorts):
    task, batch, _ = world(cohorts["binary"], Says())
    logits = task.predict_step(batch)["logits"]
    said = task(batch)
    assert torch.allclose(logits[:, 1] - logits[:, 0], said)
    wanted = torch.nn.functional.cross_entropy(logits, batch["disease"].long())
    assert task.training_step(batch, 0).item() == pytest.approx(wanted.item(), rel=1e-5)
    weighted, *_ = world(cohorts["binary"], Says(), "balanced")
    losses = torch.nn.functional.cross_entropy(logits, batch["disease"].long(), reduction="none")
    factor = torch.where(batch["disease"] == 1, 2.0, 2 / 3)
    assert weighted.training_step(batch, 0).item() == pytest.approx((losses * factor).mean().item(), rel=1e-5)


def test_classes_weigh_alike_when_balanced():
    assert class_weights("balanced", COUNTS).tolist() == pytest.approx([100 / 150, 100 / 50])
    assert class_weights("none", COUNTS).tolist() == [1, 1]


def test_a_trait_comes_back_in_its_own_unit(cohorts):
    task, batch, train = world(cohorts["quantitative"], Says())
    level, spread = train["trait"].mean(), train["trait"].std()
    said = task(batch).numpy()
    predicted = task.predict_step(batch)["predicted_trait"].numpy()
    assert predicted == pytest.approx(said * spread + level, rel=1e-4)
    wanted = np.mean((said - (train["trait"] - level) / spread) ** 2)
    assert task.training_step(batch, 0).item() == pytest.approx(wanted, rel=1e-4)
    inputs = task.input_of("profiles", batch["profile"])
    assert torch.allclose(risk_of(task)(inputs), torch.from_numpy(predicted))


@pytest.mark.parametrize(("outcome", "loss"), [("binary", "symmetric"), ("quantitative", "huber")])
def test_a_robust_loss_is_minimised_and_validation_keeps_the_standard_one(
    cohorts, outcome, loss, monkeypatch
):
    logged = []
    monkeypatch.setattr(module, "log_mean", lambda *given: logged.append(given[2].item()))
    (plain, batch, _), (robust, *_) = (
        world(cohorts[outcome], Says(), loss=one) for one in ("standard", loss)
    )
    if outcome == "binary":
        p = torch.sigmoid(torch.where(batch["disease"] == 1, 1, -1) * robust(batch))
        wanted = (4 * (1 - p) - 0.1 * p.log()).mean()
    else:
        error = (robust(batch) - robust.standardised(batch["trait"])).abs()
        wanted = torch.where(error < 1, error**2, 2 * error - 1).mean()
    assert robust.training_step(batch, 0).item() == pytest.approx(wanted.item(), rel=1e-5)
    assert plain.training_step(batch, 0).item() != pytest.approx(wanted.item(), rel=1e-2)
    for task in (plain, robust):
        task.validation_step(batch, 0)
    assert logged[0] == logged[1] == pytest.approx(plain.training_step(batch, 0).item())


def test_survival_is_learnt_by_the_partial_likelihood(cohorts):
    task, batch, _ = world(cohorts["survival"], Says())
    wanted = cox_loss(task(batch), batch["time"], batch["event"], batch["weight"])
    assert task.training_step(batch, 0).item() == pytest.approx(wanted.item())
    assert torch.equal(task.predict_step(batch)["predicted_log_risk"], task(batch))


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_gradient_reaches_all_of_the_network(cohorts, outcome):
    torch.manual_seed(0)
    network = profile_mlp(cohorts[outcome].manifest.encoding, ProfileMLPOptions(hidden=(4,)))
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter)
    task, batch, _ = world(cohorts[outcome], network)
    task.training_step(batch, 0).backward()
    assert all(
        parameter.grad is not None and parameter.grad.any() for parameter in network.layers.parameters()
    )


def test_training_persons_who_are_all_alike_are_refused(cohorts):
    task, _, train = world(cohorts["binary"], Says())
    with pytest.raises(InputError, match="split 'train': column 'disease': found 1 in all"):
        task.fit_tables(train | {"disease": np.ones_like(train["disease"])})


def attributed(dataset):
    """Train a linear model of all inputs; give importance and slope of each feature."""
    torch.manual_seed(1)
    network = profile_mlp(dataset.manifest.encoding, ProfileMLPOptions(hidden=()))
    task, batch, train = world(dataset, network)
    optimizer = torch.optim.SGD(task.parameters(), lr=0.05, weight_decay=0.1)
    for _ in range(200):
        optimizer.zero_grad()
        task.training_step(batch, 0).backward()
        optimizer.step()
    found = attribute_one(task.eval(), risk_of(task), np.unique(train["profile"]))
    table = read_table(dataset.manifest.table_paths()["profiles"])
    names = [feature for _, feature in names_of(table, task.inputs["profiles"].layout)]
    columns = zip(found.importance, found.slope, strict=True)
    return dict(zip(names, columns, strict=True))


def test_a_component_is_seen_among_the_features_and_takes_from_sites_what_is_ancestry(confounded):
    """No site has an effect: what is common to their slopes in the direction of ancestry is confounding."""
    without, found = attributed(confounded(components=0)), attributed(confounded())
    assert set(found) - set(without) == {"PC1", "PC2"}
    direction = np.sign(np.subtract(*ancestries.FREQUENCIES[::-1]))
    before, after = (
        sum(sign * one[f"s{site}"][1] for site, sign in enumerate(direction)) for one in (without, found)
    )
    assert 0 < after < 0.95 * before
    sites = [found[f"s{site}"][0] for site in range(ancestries.SITES)]
    assert found["PC1"][0] > 1.3 * np.mean(sites)


def test_axes_are_of_training_people_whatever_held_out_ones_carry(confounded):
    splits = {split: read_examples(confounded().manifest, split, threads=1) for split in ("train", "test")}
    states = [
        world(confounded(changed=name), Says())[0].state_dict()
        for name in ("", splits["test"]["profile_id"].iloc[0], splits["train"]["profile_id"].iloc[0])
    ]
    axes = "inputs.profiles.projections.components.loadings"
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert states[0][axes].any()
    assert not torch.equal(states[0][axes], states[2][axes])
