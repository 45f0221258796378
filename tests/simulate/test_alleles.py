from dataclasses import replace

import numpy as np
import pytest

from seqmill.genome.reference import Reference
from seqmill.simulate.alleles import AlleleSource
from seqmill.simulate.repeats import find_repeats
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream

ALWAYS = (1.0, 1.0, 1.0, 1.0)
NEVER = (0.0, 0.0, 0.0, 0.0)


def source(reference, **changes):
    return AlleleSource("c1", reference, replace(Spectrum(), **changes))


def many(source, count=300):
    rng = stream(1, "alleles")
    return [alleles for alleles in (source.indels(rng) for _ in range(count)) if alleles]


def sizes(found):
    return [len(one.alt) - len(one.ref) for alleles in found for one in alleles]


def test_n_is_not_callable(reference):
    assert len(AlleleSource("c2", reference, Spectrum()).callable) == 59_000


def test_snps_differ_from_the_reference_and_keep_off_edges_and_n(reference):
    rng = stream(1, "snp")
    maker = AlleleSource("c2", reference, Spectrum())
    for place in (0, 19_990, 20_500, 59_990):
        assert maker.snp(place, rng) is None
    for place in range(1_000, 1_200):
        snp = maker.snp(place, rng)
        assert snp.ref == reference.fetch("c2", place, place + 1) != snp.alt


def test_homopolymer_indels_change_a_run_by_its_base(reference):
    codes = reference.codes("c1", 0, reference.contigs["c1"])
    runs = find_repeats(codes, unit=1, copies=3)
    found = many(source(reference, homopolymer_share=ALWAYS, multiallelic_share=0.0))
    places = np.array([one.start + 1 for (one,) in found])
    assert np.isin(places, runs.starts).all()
    assert all(len(set((one.ref + one.alt)[1:].replace(one.ref[0], "", 1))) <= 1 for (one,) in found)
    lengths = runs.lengths[np.searchsorted(runs.starts, places)]
    assert np.median(lengths) >= 9


def test_tandem_indels_are_one_or_two_whole_units(reference):
    found = many(source(reference, homopolymer_share=NEVER, tandem_share=ALWAYS, multiallelic_share=0.0))
    long = [one for (one,) in found if abs(len(one.alt) - len(one.ref)) in (4, 6, 8)]
    assert len(long) > 20
    for one in long:
        unit = (one.alt if len(one.alt) > len(one.ref) else one.ref)[1:]
        beside = reference.fetch("c1", one.start + 1, one.start + 1 + 3 * len(unit))
        assert beside.startswith(unit[:2])


def test_two_alleles_of_one_repeat_differ_by_one_unit(reference):
    found = many(source(reference, homopolymer_share=ALWAYS, multiallelic_share=1.0))
    pairs = [alleles for alleles in found if len(alleles) == 2]
    assert len(pairs) > 100
    for first, second in pairs:
        assert first.start == second.start
        change = len(first.alt) - len(first.ref), len(second.alt) - len(second.ref)
        assert abs(change[0] - change[1]) == 1
        assert 0 not in change


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_other_insertions_repeat_what_stands_before_them(reference, share):
    options = dict(homopolymer_share=NEVER, tandem_share=NEVER, deletion_share=0.0, duplication_share=share)
    found = many(source(reference, **options, insertion_lengths=(0, 0, 0, 0, 0, 1)))
    copied = [reference.fetch("c1", one.start + 1, one.start + 7) == one.alt[1:] for (one,) in found]
    assert np.mean(copied) == pytest.approx(share, abs=0.05)


def test_lengths_follow_their_weights(reference):
    options = dict(homopolymer_share=NEVER, tandem_share=NEVER, deletion_share=1.0)
    found = sizes(many(source(reference, **options, deletion_lengths=(3.0, 0.0, 1.0)), 2_000))
    assert np.mean([size == -1 for size in found]) == pytest.approx(0.75, abs=0.03)
    assert set(found) == {-1, -3}


def test_a_contig_without_repeats_still_takes_indels(tmp_path, write_fasta):
    codes = (np.cumsum(stream(1, "plain").integers(1, 4, 5_000)) % 4).astype(np.uint8)
    with Reference(write_fasta(tmp_path / "plain.fa", {"c1": codes})) as plain:
        assert many(source(plain, homopolymer_share=NEVER), 50)
        assert many(source(plain, homopolymer_share=ALWAYS), 50)
