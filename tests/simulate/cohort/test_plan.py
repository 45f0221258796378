"""All mistakes of a plan are told at once."""

import pytest
import yaml

from seqmill.errors import ConfigErrors
from seqmill.simulate.cohort.plan import is_cohort, load_cohort_plan


def written(tmp_path, **changes):
    plan = {
        "seed": 1,
        "people": 20,
        "contigs": {"c1": {"length": 10_000, "sites": 20}},
        "traits": {"height": {"heritability": 0.5, "causal": 5}},
    }
    path = tmp_path / "plan.yaml"
    path.write_text(yaml.safe_dump(plan | changes))
    return path


def test_a_plan_is_read_with_its_defaults(tmp_path):
    plan = load_cohort_plan(written(tmp_path))
    assert plan.sites == 20
    assert plan.traits["height"].kind == "additive"


def test_a_plan_with_people_is_that_of_a_cohort():
    assert is_cohort({"people": 3})
    assert not is_cohort({"samples": {}})
    assert not is_cohort(None)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"traits": {"a": {"heritability": 0.9, "covariates": 0.2}}}, "1.1 in all"),
        ({"traits": {"a": {"heritability": 0.5, "kind": "dominant"}}}, "traits.a.kind"),
        ({"traits": {"a": {"heritability": 0.5, "causal": 21}}}, "21 sites needed"),
        ({"traits": {"a": {"heritability": 0.5, "causal": 5, "populations": 0.1}}}, "one population"),
        ({"relatives": {"siblings": 11}}, "22 people in pairs"),
        ({"contigs": {}}, "contigs: found none"),
        ({"contigs": {"c1": {"length": 1000, "sites": 101}}}, "at most one in 10 bp"),
        ({"people": 3, "no_call": 1.0}, "no_call"),
    ],
)
def test_mistakes_are_named(tmp_path, changes, named):
    with pytest.raises(ConfigErrors, match=named):
        load_cohort_plan(written(tmp_path, **changes))
