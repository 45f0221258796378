"""Heritability, and which models can see it, are those that were planted."""

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.simulate.cohort.plan import TraitPlan
from seqmill.simulate.cohort.traits import area, ceiling, draw_trait, standardised

PEOPLE, SITES = 4_000, 60


@pytest.fixture(scope="module")
def genotypes():
    rng = np.random.default_rng(5)
    return rng.binomial(2, rng.uniform(0.2, 0.8, SITES), (PEOPLE, SITES)).astype(np.int8)


def drawn(genotypes, **plan):
    rng = np.random.default_rng(6)
    return draw_trait(
        TraitPlan(**plan),
        seed=1,
        name="trait",
        dosage=genotypes,
        contigs=np.arange(SITES) // 20,
        burden=genotypes[:, :10].astype(np.float32),
        covariates=rng.normal(size=(PEOPLE, 2)),
        populations=[number % 2 for number in range(PEOPLE)],
    )


def r2_of(table, values):
    """Give the share of the variance that a linear model explains, free of its number of columns."""
    design = np.column_stack([np.ones(len(table)), table])
    rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return 1 - rest.var() / values.var() * (len(table) - 1) / (len(table) - design.shape[1])


def test_an_additive_trait_is_explained_by_its_dosages_as_far_as_it_is_inherited(genotypes):
    trait = drawn(genotypes, heritability=0.5, causal=20)
    assert trait.genetic.var() == pytest.approx(0.5)
    assert r2_of(standardised(genotypes), trait.genetic) == pytest.approx(1)
    assert r2_of(genotypes, trait.values) == pytest.approx(0.5, abs=0.04)
    assert ceiling(trait, binary=False)["genetic_r2"] == pytest.approx(0.5, abs=0.04)


def test_its_terms_are_its_genetic_value(genotypes):
    trait = drawn(genotypes, heritability=0.5, causal=20)
    scaled = standardised(genotypes)
    total = sum(term.weight * scaled[:, term.members[0]] for term in trait.terms)
    np.testing.assert_allclose(total - total.mean(), trait.genetic, atol=1e-9)


@pytest.mark.parametrize("order", [2, 3])
def test_no_linear_model_sees_an_epistatic_trait(genotypes, order):
    trait = drawn(genotypes, heritability=0.6, causal=5, kind="epistatic", order=order)
    scaled = standardised(genotypes)
    products = np.stack([scaled[:, list(term.members)].prod(axis=1) for term in trait.terms], axis=1)
    assert r2_of(genotypes, trait.values) == pytest.approx(0, abs=0.03)
    assert r2_of(products, trait.values) == pytest.approx(0.6, abs=0.04)
    assert all(len({one // 20 for one in term.members}) == order for term in trait.terms)


def test_shares_of_covariates_and_populations_come_on_top(genotypes):
    trait = drawn(genotypes, heritability=0.3, causal=20, covariates=0.2, populations=0.1)
    assert trait.values.var() == pytest.approx(1, abs=0.08)
    assert trait.known.var() == pytest.approx(0.6, abs=0.05)


def test_a_burden_is_that_of_genes(genotypes):
    trait = drawn(genotypes, heritability=0.4, causal=3, kind="burden")
    assert r2_of(genotypes[:, :10], trait.values) == pytest.approx(0.4, abs=0.04)
    with pytest.raises(InputError, match="11 genes with rare alleles wanted, but 10"):
        drawn(genotypes, heritability=0.4, causal=11, kind="burden")


def test_an_illness_has_its_prevalence_and_a_ceiling(genotypes):
    trait = drawn(genotypes, heritability=0.5, causal=20, prevalence=0.2)
    assert set(np.unique(trait.values)) == {0, 1}
    assert trait.values.mean() == pytest.approx(0.2, abs=1e-3)
    best = ceiling(trait, binary=True)["genetic_auc"]
    noisy = trait.genetic + np.random.default_rng(1).normal(size=PEOPLE)
    assert 0.8 < best < 0.9  # 0.84 for a liability of this heritability (Wray et al. 2010)
    assert area(noisy, trait.values) < best


def test_a_trait_without_genetics_has_nothing_to_find(genotypes):
    trait = drawn(genotypes, heritability=0.0)
    assert trait.terms == ()
    assert ceiling(trait, binary=False)["genetic_r2"] == 0
    assert r2_of(genotypes, trait.values) == pytest.approx(0, abs=0.03)


def test_the_area_is_that_of_scikit_learn():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(2)
    ill, scores = (rng.random(200) < 0.3).astype(float), rng.integers(0, 9, 200).astype(float)
    assert area(scores, ill) == pytest.approx(roc_auc_score(ill, scores))
