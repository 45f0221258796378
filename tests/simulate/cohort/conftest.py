"""A small cohort with relatives."""

import pytest

from seqmill.simulate.cohort.people import draw_people
from seqmill.simulate.cohort.plan import CohortPlan, RelativesPlan, StretchPlan, TraitPlan


@pytest.fixture(scope="session")
def plan():
    return CohortPlan(
        seed=3,
        people=120,
        contigs={f"c{number}": StretchPlan(length=40_000_000, sites=150) for number in range(4)},
        traits={
            "height": TraitPlan(heritability=0.6, causal=40, covariates=0.1),
            "pairs": TraitPlan(kind="epistatic", heritability=0.5, causal=6),
            "rare": TraitPlan(kind="burden", heritability=0.4, causal=3),
            "ill": TraitPlan(heritability=0.5, causal=40, prevalence=0.25),
            "nothing": TraitPlan(heritability=0.0),
        },
        minimum_frequency=0.0,
        rare=0.1,
        gene_length=2_000_000,
        no_call=0.05,
        relatives=RelativesPlan(parent_child=10, siblings=10),
        vcf=True,
    )


@pytest.fixture(scope="session")
def people(plan):
    return draw_people(plan)
