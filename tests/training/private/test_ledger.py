"""Entries of runs stay, and add up by cohort."""

import persons
import pytest

from seqmill.errors import InputError
from seqmill.training.private.budget import Budget, epsilon
from seqmill.training.private.ledger import (
    cohort_of,
    entry,
    ledger_folder,
    note,
    read_ledger,
    require,
    totals,
)


@pytest.fixture
def spent(configured, crowd):
    """Give an entry of a run on the crowd."""

    def of(run_id, *, steps=100, noise=1.0, cohort="c1", delta=1e-4, seed=1):
        budget = Budget(noise_multiplier=noise, sample_rate=0.1, persons=500, delta=delta, accountant="rdp")
        run = configured({"noise_multiplier": noise, "delta": delta}, seed=seed)
        return entry(run, crowd.manifest, budget, cohort=cohort, run_id=run_id, steps=steps)

    return of


def test_an_entry_tells_what_the_guarantee_rests_on(spent, crowd):
    told = spent("r1")
    assert told["epsilon"] == epsilon([(1.0, 0.1, 100)], 1e-4, "rdp")
    wanted = {"unit": "person", "persons": 500, "steps": 100, "max_grad_norm": 1.0, "accountant": "rdp"}
    assert wanted.items() <= told.items()
    assert told["dataset_digest"] == crowd.manifest.digest


def test_a_run_writes_over_its_own_entry_alone(spent, tmp_path):
    folders = [tmp_path / "privacy", tmp_path / "none"]
    for told in (spent("r1", steps=10), spent("r1", steps=20), spent("r2", steps=5, cohort="c0")):
        note(folders[0], told)
    assert [(one["run_id"], one["steps"]) for one in read_ledger(folders)] == [("r2", 5), ("r1", 20)]


def test_runs_of_a_cohort_add_up_and_cohorts_do_not(spent):
    told = [spent("r1"), spent("r2", noise=2.0, delta=1e-5), spent("r3", cohort="c2")]
    first, second = totals(told)
    assert (first["cohort"], first["runs"], first["steps"]) == ("c1", 2, 200)
    assert first["epsilon_sum"] == told[0]["epsilon"] + told[1]["epsilon"]
    assert first["delta_sum"] == pytest.approx(1.1e-4)
    assert first["epsilon"] == epsilon([(1.0, 0.1, 100), (2.0, 0.1, 100)], 1e-4, "rdp")
    assert told[0]["epsilon"] < first["epsilon"] < first["epsilon_sum"]
    assert second["epsilon"] == second["epsilon_sum"] == told[2]["epsilon"]
    assert (first["unit"], first["persons"], first["delta"]) == ("person", 500, 1e-4)


def test_runs_that_protect_different_units_are_told_together(spent):
    (row,) = totals([spent("r1"), spent("r2") | {"unit": "group", "persons": 400}])
    assert (row["unit"], row["persons"]) == ("group and person", 500)


def test_a_cohort_is_its_persons_whatever_is_known_of_them(tmp_path):
    names = {}
    for name, features, count in (("few", 4, 60), ("many", 8, 60), ("more", 4, 62)):
        plan = persons.write_people(tmp_path / name, people=count, features=features)
        made = persons.build_people(tmp_path / name / "made", plan, dataset=name).manifest
        names[name] = cohort_of(made)
        assert ledger_folder(made.path) == made.path.parent.parent / "privacy"
    assert names["few"] == names["many"] != names["more"]


def test_what_is_no_entry_is_named(tmp_path):
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(InputError, match=r"x\.json"):
        read_ledger([tmp_path])
    with pytest.raises(InputError, match="no entry of a private run found"):
        require([], [tmp_path])
