"""A plan that asks for it refuses folds that part relatives; families in one fold go through."""

import pytest
import yaml

from seqmill.errors import ConfigErrors, InputError
from seqmill.profiles.build import build_profiles
from seqmill.profiles.plan import load_profiles_plan
from seqmill.simulate.cohort.build import simulate_cohort
from seqmill.simulate.cohort.plan import CohortPlan, RelativesPlan, StretchPlan, TraitPlan


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("families")
    plan = CohortPlan(
        seed=2,
        people=60,
        contigs={f"c{number}": StretchPlan(length=100_000_000, sites=50) for number in range(20)},
        traits={"tall": TraitPlan(heritability=0.5, causal=10)},
        minimum_frequency=0.1,
        relatives=RelativesPlan(parent_child=5, siblings=5),
    )
    simulate_cohort(plan, folder)
    return folder


def planned(made, path, **relatives):
    content = {
        "profiles": {
            "id": "person",
            "blocks": {"dosage": {"path": str(made / "dosage.parquet"), "dtype": "int8"}},
            "texts": {"family": {"path": str(made / "persons.tsv"), "column": "family"}},
        },
        "rows": [
            {
                "sample": "cohort",
                "path": str(made / "traits.tsv"),
                "profile": "person",
                "labels": {"tall": "tall"},
            }
        ],
        "folds": {"person": ["profile"], "family": ["profile.family"]},
        "relatives": {"block": "dosage", "folds": ["family"], "kinship": 0.15} | relatives,
    }
    path.write_text(yaml.safe_dump(content))
    return path


def test_families_in_one_fold_go_through(made, tmp_path):
    plan = load_profiles_plan(planned(made, tmp_path / "plan.yaml"))
    assert build_profiles(plan, tmp_path / "raw")["relatives"] == {"pairs": 10}


def test_folds_of_single_people_part_relatives(made, tmp_path):
    plan = load_profiles_plan(planned(made, tmp_path / "plan.yaml", folds=["person"]))
    with pytest.raises(InputError, match=r"folds.person: P\w+ and P\w+ are relatives"):
        build_profiles(plan, tmp_path / "raw")
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"block": "dosages"}, "want a block of int8 dosages: dosage"), ({"folds": ["families"]}, "'families'")],
)
def test_unknown_names_are_mistakes_of_the_plan(made, tmp_path, changes, named):
    with pytest.raises(ConfigErrors, match=named):
        load_profiles_plan(planned(made, tmp_path / "plan.yaml", **changes))
