import numpy as np
import pytest

from seqmill.applications.small_variants.score import item_keys, score_calls
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Variant

#           0         1         2         3         4
#           0123456789012345678901234567890123456789012345
SEQUENCE = "GATCGTCATTTTTTACGCACACACATGGACTTGCAAGTCCAGTACG"
HET, HOM = (0, 1), (1, 1)


@pytest.fixture
def reference(tmp_path):
    path = tmp_path / "r.fa"
    path.write_text(f">c\n{SEQUENCE}\n")
    return Reference(path)


def variant(start, ref, alt, genotype, quality=None):
    return Variant("c", start, ref, (alt,), genotype, quality=quality)


def score(truth, calls, reference, confident=(0, 46)):
    return score_calls(truth, calls, reference, confident=Regions([Interval("c", *confident)]))


def totals(table):
    counts = {}
    for level in ("allele", "genotype", "exact"):
        counts[level] = tuple(int(table[f"{count}_{level}"].sum()) for count in ("tp", "fp", "fn"))
    return counts


def test_rows_and_counts_by_hand(reference):
    truth = [
        variant(1, "A", "T", HET),
        variant(7, "ATT", "A", HOM),
        variant(26, "G", "C", HET),
        variant(33, "C", "T", HOM),
    ]
    calls = [
        variant(1, "A", "T", HET, 30.0),
        variant(11, "TTT", "T", HET, 20.0),
        variant(16, "G", "GCACA", HET),
        variant(33, "C", "T", HOM, 9.0),
    ]
    table = score(truth, calls, reference)
    shown = table[["side", "kind", "start", "ref", "alt", "copies"]].to_numpy().tolist()
    assert sorted(shown) == sorted([
        ["truth", "snp", 1, "A", "T", 1],
        ["truth", "indel", 7, "ATT", "A", 2],
        ["truth", "snp", 26, "G", "C", 1],
        ["truth", "snp", 33, "C", "T", 2],
        ["call", "indel", 7, "ATT", "A", 1],
        ["call", "indel", 16, "G", "GCACA", 1],
    ])  # fmt: skip
    assert totals(table) == {"allele": (3, 1, 1), "genotype": (2, 2, 2), "exact": (3, 1, 1)}
    qualities = {(row.side, row.start): row.quality for row in table.itertuples()}
    assert qualities["truth", 1] == 30
    assert qualities["truth", 7] == 20
    assert qualities["call", 16] == 0
    assert np.isnan(qualities["truth", 26])
    assert np.isnan(qualities["call", 7])


def test_quality_ranks_each_called_allele_once(reference):
    truth = [variant(1, "A", "T", HET), variant(13, "T", "G", HET), variant(13, "TA", "T", HET)]
    calls = [
        variant(1, "A", "T", HOM, 5.0),
        variant(7, "AT", "A", HET, 8.0),
        variant(14, "A", "G", HET, 7.0),
        variant(30, "T", "A", HET, 6.0),
    ]
    table = score(truth, calls, reference)
    ranked = table[table["quality"].notna()]
    assert sorted(zip(ranked["quality"], ranked["allele"], strict=True)) == [
        (5.0, True),
        (6.0, False),
        (7.0, True),
        (7.0, True),
    ]
    assert totals(table) == {"allele": (3, 1, 0), "genotype": (2, 2, 1), "exact": (1, 3, 2)}


def test_a_block_is_split_for_every_caller_alike(reference):
    block, parts = [variant(26, "GGA", "CGC", HET)], [variant(26, "G", "C", HET), variant(28, "A", "C", HET)]
    for truth, calls in ((block, parts), (parts, block), (block, block)):
        assert totals(score(truth, calls, reference))["exact"] == (2, 0, 0)


def test_outside_the_confident_regions_nothing_counts(reference):
    truth = [variant(1, "A", "T", HET), variant(26, "G", "C", HET)]
    calls = [variant(2, "T", "C", HET), variant(26, "G", "C", HET)]
    assert totals(score(truth, calls, reference, (10, 40)))["allele"] == (1, 0, 0)


def test_strata(reference):
    truth = [
        variant(7, "ATT", "A", HET),
        variant(16, "G", "GCACACACACACA", HET),
        variant(26, "G", "C", HET),
    ]
    table = score(truth, [], reference).sort_values("start")
    assert table["indel_length"].tolist() == ["02", "11-20", ""]
    assert table["homopolymer"].tolist() == ["06-08", "01-03", "01-03"]


def test_nothing_to_score_gives_an_empty_table(reference):
    table = score([], [], reference)
    assert len(table) == 0
    assert totals(table)["allele"] == (0, 0, 0)
    assert item_keys("s", table).dtype == np.uint64


def test_keys_tell_places_of_a_sample_apart_and_spellings_not(reference):
    table = score([variant(1, "A", "T", HET), variant(26, "G", "C", HET)], [], reference)
    far = table.assign(start=table["start"] + 200)
    keys = item_keys("s", table)
    assert keys.dtype == np.uint64
    assert len(set(keys)) == 1
    assert set(keys).isdisjoint(item_keys("s", far))
    assert set(keys).isdisjoint(item_keys("t", table))
    assert item_keys("s", table.iloc[::-1]).tolist() == keys[::-1].tolist()
