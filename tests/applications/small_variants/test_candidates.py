"""Candidates of hand-made windows; left-alignment against the genome's own normaliser."""

from pathlib import Path

import numpy as np
import pytest

from seqmill.applications.small_variants.spec import Options
from seqmill.genome.normalise import normalise
from seqmill.genome.reference import Reference
from tests.applications.small_variants.windows import PLAIN, window_of
from tests.reads.alignments import read

RULES = Options(min_support=2, min_fraction=0.1, single_read_depth=0)


def other(base: str) -> str:
    return "CGTA"["ACGT".index(base)]


def with_snp(at: int, *, start: int = 100, length: int = 60) -> str:
    text = PLAIN[start : start + length]
    return text[: at - start] + other(PLAIN[at]) + text[at - start + 1 :]


def plain_reads(n: int) -> list[dict[str, object]]:
    return [read(f"plain{i}", 100, "60M", PLAIN[100:160]) for i in range(n)]


@pytest.mark.parametrize(
    ("carriers", "others", "found"),
    [(2, 2, True), (1, 3, False), (2, 18, True), (2, 19, False), (0, 9, False)],
)
def test_support_and_fraction_make_a_candidate(
    tmp_path: Path, carriers: int, others: int, found: bool
) -> None:
    reads = [read(f"alt{i}", 100, "60M", with_snp(130)) for i in range(carriers)] + plain_reads(others)
    *_, alleles = window_of(tmp_path, PLAIN, reads, RULES)
    assert alleles == ([(130, PLAIN[130], other(PLAIN[130]))] if found else [])


@pytest.mark.parametrize(
    ("depth", "quality", "found"), [(3, 30, True), (4, 30, False), (3, 19, False), (3, 20, True)]
)
def test_one_good_read_is_enough_where_few_lie(tmp_path: Path, depth: int, quality: int, found: bool) -> None:
    options = Options(min_support=2, single_read_depth=3, single_read_quality=20)
    reads = [read("alt", 100, "60M", with_snp(130), quality=quality), *plain_reads(depth - 1)]
    *_, alleles = window_of(tmp_path, PLAIN, reads, options)
    assert bool(alleles) == found


def test_poor_bases_do_not_count(tmp_path: Path) -> None:
    poor = [9 if 100 + i == 130 else 30 for i in range(60)]
    reads = [read(f"alt{i}", 100, "60M", with_snp(130), quality=poor) for i in range(4)]
    *_, alleles = window_of(tmp_path, PLAIN, reads, RULES)
    assert alleles == []


def test_two_alternatives_at_one_site(tmp_path: Path) -> None:
    base = PLAIN[130]
    third = other(other(base))
    reads = [read(f"a{i}", 100, "60M", with_snp(130)) for i in range(3)]
    reads += [read(f"b{i}", 100, "60M", with_snp(130)[:30] + third + with_snp(130)[31:]) for i in range(3)]
    *_, alleles = window_of(tmp_path, PLAIN, reads, RULES)
    assert sorted(alleles) == sorted([(130, base, other(base)), (130, base, third)])


REPEATS = PLAIN[:120] + "CAAAAAAAAG" + "TGTGTGTGTGC" + "ACCAGCAGCAGT" + PLAIN[200:320]


@pytest.mark.parametrize(
    ("cigar", "sequence"),
    [
        # indels written at the right end of their repeat; the left end is what a candidate has
        ("68M1D50M", REPEATS[60:128] + REPEATS[129:179]),
        ("69M2I50M", REPEATS[60:129] + "AA" + REPEATS[129:179]),
        ("78M2D50M", REPEATS[60:138] + REPEATS[140:190]),
        ("80M2I40M", REPEATS[60:140] + "TG" + REPEATS[140:180]),
        ("90M3D40M", REPEATS[60:150] + REPEATS[153:193]),
        ("92M3I40M", REPEATS[60:152] + REPEATS[149:152] + REPEATS[152:192]),
        ("50M4I50M", REPEATS[60:110] + "GGTA" + REPEATS[110:160]),
    ],
)
def test_indels_are_left_aligned_as_the_genome_normalises(tmp_path: Path, cigar: str, sequence: str) -> None:
    fasta = tmp_path / "c.fa"
    fasta.write_text(f">c\n{REPEATS}\n")
    reads = [read(f"r{i}", 60, cigar, sequence) for i in range(3)]
    *_, alleles = window_of(tmp_path, REPEATS, reads, RULES)
    assert len(alleles) == 1
    start, ref, alt = alleles[0]
    with Reference(fasta) as reference:
        assert normalise("c", start, ref, alt, reference) == ("c", start, ref, alt)
    changed = REPEATS[:start] + alt + REPEATS[start + len(ref) :]
    assert sequence in changed


def test_one_indel_written_in_two_places_is_one_candidate(tmp_path: Path) -> None:
    deleted = REPEATS[60:121] + REPEATS[122:180]
    reads = [read("left", 60, "61M1D58M", deleted), read("right", 60, "68M1D51M", deleted)]
    _, _, found, alleles = window_of(tmp_path, REPEATS, reads, RULES)
    assert len(alleles) == 1
    assert found.support.tolist() == [2]
    assert found.carriers.tolist() == [0, 1]


def test_select_keeps_each_candidates_carriers(tmp_path: Path) -> None:
    deleted, inserted = PLAIN[100:130] + PLAIN[132:162], PLAIN[100:150] + "TTTT" + PLAIN[150:160]
    reads = [read(f"d{i}", 100, "30M2D30M", deleted) for i in range(2)]
    reads += [read(f"i{i}", 100, "50M4I10M", inserted) for i in range(3)]
    _, _, found, alleles = window_of(tmp_path, PLAIN, reads, RULES)
    assert len(alleles) == 2
    last = found.select(np.array([False, True]))
    assert last.carriers.tolist() == [2, 3, 4]
    assert last.carriers_at.tolist() == [0, 3]
