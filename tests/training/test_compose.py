"""Groups and overrides become one configuration, or one list of mistakes."""

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.training.compose import compose
from seqmill.training.render import write_config

GIVEN = ["seed=1", "dataset.manifest=m.json"]


def problems(*arguments, **options):
    with pytest.raises(ConfigErrors) as caught:
        compose(*arguments, **options)
    return caught.value.problems


def test_an_experiment_lists_only_what_differs(config_dir):
    plain = compose(["experiment=plain", *GIVEN], config_dir)
    wide = compose(["experiment=wide", *GIVEN], config_dir)
    assert (plain.model.options.hidden, plain.trainer.epochs) == (8, 3)
    assert (wide.model.options.hidden, wide.trainer.epochs) == (64, 6)
    assert wide.trainer.batch_size == plain.trainer.batch_size == 16
    assert (wide.experiment, wide.seed, wide.dataset.manifest) == ("wide", 1, "m.json")


def test_a_value_on_the_command_line_wins_over_the_experiment(config_dir):
    run = compose(["trainer.epochs=2", "experiment=wide", "model.options.dropout=0", *GIVEN], config_dir)
    assert (run.trainer.epochs, run.model.options.dropout) == (2, 0.0)


def test_a_group_on_the_command_line_wins_over_the_experiment(config_dir):
    assert compose(["experiment=plain", "model=wide", *GIVEN], config_dir).model.options.hidden == 64


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (
            ["experiment=plan"],
            ["experiment: there is no 'plan' (did you mean 'plain'?); choose one of: plain, wide"],
        ),
        (["model=wid", "experiment=plain"], ["model: there is no 'wid' (did you mean 'wide'?)"]),
        ([], ["experiment: no value; give one with experiment=NAME, one of: plain, wide"]),
        (
            ["experment=plain"],
            ["experiment: no value", "experment: unknown key (did you mean 'experiment'?)"],
        ),
        (
            ["experiment=plan", "trainer.epoch=3", "model.options.hidden=0"],
            ["experiment: there is no 'plan'", "model.options.hidden: found 0", "trainer.epoch: unknown key"],
        ),
    ],
)
def test_every_mistake_is_named_with_the_nearest_choice(config_dir, overrides, expected):
    found = problems([*overrides, *GIVEN], config_dir)
    assert len(found) == len(expected)
    assert all(problem.startswith(start) for problem, start in zip(found, expected, strict=True))


@pytest.mark.parametrize("text", ["epochs", "a b=1", "=3"])
def test_what_is_no_override_is_named(config_dir, text):
    assert problems(["experiment=plain", text], config_dir) == (
        f"'{text}' is no override; write key=value, such as trainer.epochs=5",
    )


def test_sweeps_belong_to_the_workflow(config_dir):
    (problem,) = problems(["experiment=plain", "seed=1,2"], config_dir)
    assert problem.startswith("seed=1,2: sweeps are not run here")


def test_a_folder_without_groups_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no train\.yaml there; run from the top of the repository"):
        compose(["experiment=plain"], tmp_path)


def test_a_file_that_is_no_yaml_is_named(config_dir, tmp_path):
    path = tmp_path / "composed.yaml"
    path.write_text("a: [1,\n")
    with pytest.raises(InputError, match=r"composed\.yaml"):
        compose(GIVEN, base=path)


def test_a_composed_file_gives_the_same_run(config_dir, tmp_path):
    path = tmp_path / "wide.yaml"
    write_config(path, compose(["experiment=wide"], config_dir, open_keys=True), open_keys=True)
    run = compose(["seed=7", "dataset.manifest=n.json"], base=path)
    assert run == compose(["experiment=wide", "seed=7", "dataset.manifest=n.json"], config_dir)


def test_a_composed_file_may_be_changed_by_values_and_checks_them(config_dir, tmp_path):
    path = tmp_path / "wide.yaml"
    write_config(path, compose(["experiment=wide"], config_dir, open_keys=True), open_keys=True)
    assert compose(["trainer.epochs=1", *GIVEN], base=path).trainer.epochs == 1
    found = problems(["trainer.epoch=1", "seed=1"], base=path)
    assert [problem.split(":")[0] for problem in found] == ["dataset.manifest", "trainer.epoch"]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.yaml: no such file; write it with: seqmill compose"):
        compose(GIVEN, base=tmp_path / "nowhere.yaml")
