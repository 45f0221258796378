"""The configuration folder of the repository: every experiment composes, every option is shown."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from seqmill.applications.application import find_application, load_object
from seqmill.training.compose import compose
from seqmill.training.config import OptimizerConfig, PrivacyConfig, TrainerConfig

HYDRA = Path(__file__).parents[1] / "config" / "hydra"
GIVEN = ["seed=1", "dataset.manifest=m.json"]


def choices(group):
    return sorted(path.stem for path in (HYDRA / group).glob("*.yaml"))


def content(group, name):
    return yaml.safe_load((HYDRA / group / f"{name}.yaml").read_text())


def names(kind):
    return [field.name for field in dataclasses.fields(kind)]


def one_experiment(model):
    """Name an experiment of the application that offers the network."""
    for experiment in choices("experiment"):
        run = compose([f"experiment={experiment}", *GIVEN], HYDRA)
        if content("model", model)["name"] in find_application(run.application.name).networks:
            return experiment
    raise AssertionError(f"no experiment with an application that offers {model}")


@pytest.mark.parametrize("experiment", choices("experiment"))
def test_every_experiment_composes_under_its_own_name(experiment):
    assert compose([f"experiment={experiment}", *GIVEN], HYDRA).experiment == experiment


@pytest.mark.parametrize("model", choices("model"))
def test_a_model_file_shows_every_option(model):
    run = compose([f"experiment={one_experiment(model)}", f"model={model}", *GIVEN], HYDRA)
    assert list(content("model", model)["options"]) == names(type(run.model.options))


@pytest.mark.parametrize("application", choices("application"))
def test_an_application_file_shows_every_option_of_its_augmentation(application):
    options = load_object(find_application(application).augmentation)
    assert list(content("application", application)["augmentation"]) == names(options)


@pytest.mark.parametrize(("group", "kind"), [("optimizer", OptimizerConfig), ("trainer", TrainerConfig)])
def test_a_group_file_shows_every_option(group, kind):
    for name in choices(group):
        assert list(content(group, name)) == names(kind)


def test_privacy_is_off_unless_chosen_and_its_file_shows_every_option():
    assert list(content("privacy", "dp_sgd")) == names(PrivacyConfig)
    composed = {
        name: compose(["experiment=drug_response", f"privacy={name}", *GIVEN], HYDRA)
        for name in choices("privacy")
    }
    assert {name: run.privacy.is_on for name, run in composed.items()} == {"none": False, "dp_sgd": True}
    assert not compose(["experiment=drug_response", *GIVEN], HYDRA).privacy.is_on


@pytest.mark.parametrize(
    "path", sorted(HYDRA.rglob("*.yaml")), ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_every_file_says_how_to_run_or_override_it(path):
    head = path.read_text().split("\n\n")[0]
    assert "seqmill train" in head
