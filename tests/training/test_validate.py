"""A configuration is checked as a whole, against what the application offers."""

import copy

import pytest

from seqmill.errors import ConfigErrors
from seqmill.training.validate import flatten, to_plain, validate

GOOD = {
    "seed": 1,
    "experiment": "plain",
    "dataset": {"manifest": "m.json"},
    "application": {"name": "toy"},
    "model": {"name": "linear", "options": {"hidden": 5}},
    "augmentation": {"scale": 0.2},
    "optimizer": {"learning_rate": 0.1},
    "trainer": {"epochs": 4},
}


def changed(**paths):
    content = copy.deepcopy(GOOD)
    for path, value in paths.items():
        *groups, key = path.split("__")
        holder = content
        for group in groups:
            holder = holder.setdefault(group, {})
        holder[key] = value
    return content


def test_options_of_network_and_augmentation_are_the_applications_own(toy):
    run = validate(GOOD, source="here")
    assert run.model.options == toy.LinearOptions(hidden=5)
    assert run.augmentation == toy.Noise(scale=0.2)
    assert (run.optimizer.learning_rate, run.trainer.epochs, run.trainer.batch_size) == (0.1, 4, 256)


def test_groups_left_out_have_defaults(toy):
    content = {key: GOOD[key] for key in ("seed", "experiment", "dataset", "application")}
    run = validate({**content, "model": {"name": "linear"}}, source="here")
    assert (run.model.options, run.augmentation) == (toy.LinearOptions(), toy.Noise())


def test_what_was_written_out_reads_back_the_same():
    run = validate(GOOD, source="here")
    assert validate(to_plain(run), source="here") == run


def test_the_input_is_left_as_it_was():
    content = copy.deepcopy(GOOD)
    validate(content, source="here")
    assert content == GOOD


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (changed(sed=2), ["sed: unknown key (did you mean 'seed'?)"]),
        (changed(seed=-1), ["seed: found -1, want at least 0"]),
        (changed(application__name="toi"), ["application: 'toi' is not installed"]),
        (changed(model__name="linea"), ["model.name: 'linea' is no network of toy (did you mean 'linear'?)"]),
        (changed(model__options__hiden=2), ["model.options.hiden: unknown key (did you mean 'hidden'?)"]),
        (changed(model__option=2), ["model.option: unknown key (did you mean 'options'?)"]),
        (changed(augmentation__scale=-1), ["augmentation.scale: found -1.0, want at least 0"]),
        (changed(model="linear"), ["model: found 'linear', want a group of keys"]),
        (
            changed(trainer__epochs=5, trainer__evaluate_every=2),
            ["trainer.epochs: found 5, want a multiple of evaluate_every=2"],
        ),
        (
            changed(seed="???", model__options__hidden=0, trainer__epoch=3, optimizer__schedule="linear"),
            [
                "model.options.hidden: found 0, want at least 1",
                "seed: no value",
                "optimizer.schedule: found 'linear', want one of cosine, constant",
                "trainer.epoch: unknown key (did you mean 'epochs'?)",
            ],
        ),
    ],
)
def test_every_mistake_is_named(content, expected):
    with pytest.raises(ConfigErrors) as caught:
        validate(content, source="here")
    assert caught.value.source == "here"
    assert len(caught.value.problems) == len(expected)
    for problem, start in zip(caught.value.problems, expected, strict=True):
        assert problem.startswith(start)


@pytest.mark.parametrize(
    "given", [{"seed": "???", "dataset": {"manifest": "???"}}, {"seed": 3, "dataset": {}}]
)
def test_seed_and_manifest_may_stay_open(given):
    run = validate({**GOOD, **given}, source="here", open_keys=True)
    assert isinstance(run.seed, int) and isinstance(run.dataset.manifest, str)
    with pytest.raises(ConfigErrors):
        validate({**GOOD, **given}, source="here")


def test_flat_keys_are_dotted():
    assert flatten({"a": 1, "b": {"c": [1], "d": {"e": None}}}) == {"a": 1, "b.c": [1], "b.d.e": None}


def test_a_loss_that_the_application_does_not_offer_is_refused(toy):
    with pytest.raises(ConfigErrors, match="found 'huber', wanted one that toy offers: standard"):
        validate(changed(trainer__loss="huber"), source="here")
