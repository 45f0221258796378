"""Two sites whose features lie apart, and the people of both together."""

import persons
import pytest

from seqmill.applications import application as registry
from seqmill.training.validate import validate

SITES = ("north", "south")


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    """Make the trait the only installed application."""
    monkeypatch.setattr(registry, "find_application", lambda name: persons.APPLICATION)


@pytest.fixture(scope="session")
def sites(tmp_path_factory):
    """``north``, ``south`` and ``both`` -> dataset."""
    folder = tmp_path_factory.mktemp("sites")
    plan = persons.write_people(folder, people=900, features=40, sites=SITES, shift=1.5)
    made = {"north": SITES[:1], "south": SITES[1:], "both": SITES}
    return {
        name: persons.build_people(folder / name, plan, dataset=name, sites=members)
        for name, members in made.items()
    }


@pytest.fixture
def configured():
    """Give the checked configuration of a run on a dataset."""

    def of(dataset, *, epochs=1, init_from="", experiment="trait"):
        trainer = {"epochs": epochs, "batch_size": 32, "early_stopping_patience": 0, "precision": "fp32"}
        content = {
            "seed": 1,
            "experiment": experiment,
            "dataset": {"manifest": str(dataset.manifest.path)},
            "application": {"name": "trait"},
            "model": {"name": "perceptron", "options": {"hidden": [16]}},
            "augmentation": {},
            "optimizer": {"learning_rate": 3e-3, "schedule": "constant"},
            "trainer": trainer,
            "init_from": str(init_from),
        }
        return validate(content, source="test")

    return of
