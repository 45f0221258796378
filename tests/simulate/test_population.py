"""Sites that individuals share, and a trait of known heritability."""

import csv

import numpy as np
import pytest

from seqmill.errors import ConfigErrors
from seqmill.genome.normalise import normalise
from seqmill.simulate.individuals import draw_from_sites
from seqmill.simulate.plan import ContigPlan, Plan, TraitPlan, load_plan
from seqmill.simulate.population import draw_sites, write_population
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream


@pytest.fixture
def sites(reference):
    return draw_sites("c2", reference, Spectrum(), count=120, seed=1)


def rows(path):
    return list(csv.DictReader(path.read_text().splitlines(), delimiter="\t"))


def test_sites_are_normalised_apart_and_of_both_kinds(reference, sites):
    assert len(sites) == 120
    ends = [site.start + len(site.ref) for site in sites]
    assert all(start - end >= 10 for start, end in zip([s.start for s in sites[1:]], ends[:-1], strict=True))
    for site in sites:
        allele = normalise("c2", site.start, site.ref, site.alts[0], reference)
        assert (allele.start, allele.ref, allele.alt) == (site.start, site.ref, site.alts[0])
        assert reference.fetch("c2", site.start, site.start + len(site.ref)) == site.ref
        assert 0.05 <= site.frequencies[0] <= 0.5
    assert 5 < sum(len(site.ref) != len(site.alts[0]) for site in sites) < 40


def test_the_trait_has_its_heritability_and_the_sites_their_frequencies(tmp_path, reference, sites):
    contigs = {"c2": ContigPlan(random=60_000, polymorphic=120)}
    plan = Plan(seed=1, contigs=contigs, samples={}, trait=TraitPlan(causal=15, heritability=0.6))
    people = {
        (f"p{n:03d}", "c2"): draw_from_sites("c2", reference, sites, stream(1, "individual", n))
        for n in range(400)
    }
    write_population(plan, {"c2": sites}, people, tmp_path)
    told, persons = rows(tmp_path / "sites.tsv"), rows(tmp_path / "persons.tsv")
    effects = np.array([float(row["effect"]) for row in told])
    assert (effects != 0).sum() == 15
    starts = [int(row["position"]) - 1 for row in told]
    carried = [{one.start: one.copies(1) for one in held} for held in people.values()]
    dosages = np.array([[one.get(start, 0) for start in starts] for one in carried])
    frequency = [float(row["frequency"]) for row in told]
    assert dosages.mean(axis=0) / 2 == pytest.approx(frequency, abs=0.09)
    trait = np.array([float(row["trait"]) for row in persons])
    assert np.corrcoef(dosages @ effects, trait)[0, 1] ** 2 == pytest.approx(0.6, abs=0.1)
    assert sum(int(row["affected"]) for row in persons) == 200


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("trait: { causal: 3 }", "found causal 3"),
        ("trait: { causal: 1, heritability: 0 }", "heritability 0"),
    ],
)
def test_a_trait_without_sites_is_refused(tmp_path, text, words):
    path = tmp_path / "plan.yaml"
    contigs = "contigs: { c: { random: 900, polymorphic: 2 } }"
    path.write_text(f"seed: 1\n{contigs}\nsamples: {{ a: {{ contigs: [c] }} }}\n{text}\n")
    with pytest.raises(ConfigErrors, match=words):
        load_plan(path)
