"""SAM lines: which pair is chosen, flags and mate fields, split reads."""

from types import SimpleNamespace

import pytest

from seqmill.reads.fragments import Fragment
from seqmill.reads.insert_size import InsertSize
from seqmill.reads.sam import Hit, choose_pair, make_hit, outer_distance, sam_lines

INSERT = InsertSize(low=200, high=400)
READ, QUALITY = b"AACCGGTTTT", b"ABCDEFGHIJ"


def hit(
    start, *, end=None, contig="c", reverse=False, mapq=60, edits=0, clips=(0, 0), primary=True, matches=None
):
    length = len(READ) - sum(clips)
    end = start + length if end is None else end
    matches = length - edits if matches is None else matches
    return Hit(contig, start, end, reverse, mapq, edits, matches, clips, f"{length}M", primary)


def lines(hits_1, hits_2, *, single=False):
    fragment = Fragment(b"f", READ, QUALITY) if single else Fragment(b"f", READ, QUALITY, READ, QUALITY)
    texts = sam_lines(fragment, (hits_1, hits_2), insert=INSERT, read_group="s.1")
    return [text.split("\t") for text in texts]


def fields(line):
    """FLAG, RNAME, POS, MAPQ, CIGAR, RNEXT, PNEXT, TLEN."""
    return " ".join(line[1:9])


@pytest.mark.parametrize(
    ("strand", "second", "clips"),
    [(1, False, (2, 7)), (-1, False, (7, 2)), (1, True, (7, 2)), (-1, True, (2, 7))],
)
def test_clips_are_in_the_direction_of_the_contig(strand, second, clips):
    # the aligner counts the query of a second read on its reverse complement
    alignment = SimpleNamespace(
        ctg="c", r_st=5, r_en=46, strand=strand, q_st=2, q_en=43, mapq=9, NM=1, mlen=40,
        cigar=[[40, 0], [1, 1]], cigar_str="40M1I", is_primary=True,
    )  # fmt: skip
    found = make_hit(alignment, 50, second)
    assert found == Hit("c", 5, 46, strand < 0, 9, 1, 40, clips, "40M1I", True)


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [
        (hit(100), hit(390, reverse=True), 300),
        (hit(390, reverse=True), hit(100), 300),
        (hit(100), hit(100, reverse=True), 10),
        (hit(100), hit(390), None),
        (hit(100, reverse=True), hit(390), None),
        (hit(100), hit(390, reverse=True, contig="d"), None),
        (hit(100), hit(98, end=112, reverse=True), None),
    ],
)
def test_outer_distance(first, second, distance):
    assert outer_distance(first, second) == distance


def test_proper_pair_outweighs_a_few_matches():
    near, far = hit(390, reverse=True, matches=80), hit(9000, reverse=True, matches=95)
    assert choose_pair([hit(100)], [far, near], INSERT) == (hit(100), near, True)
    better = hit(9000, reverse=True, matches=98)
    assert choose_pair([hit(100)], [better, near], INSERT) == (hit(100), better, False)


def test_second_place_counts_only_where_it_makes_a_proper_pair():
    place, copy = hit(9000, reverse=True, mapq=0), hit(390, reverse=True, mapq=0, primary=False)
    assert choose_pair([hit(100)], [place, copy], INSERT) == (hit(100), copy, True)
    far_copy = hit(5000, reverse=True, mapq=0, primary=False)
    assert choose_pair([hit(100)], [place, far_copy], INSERT) == (hit(100), place, False)


def test_proper_pair():
    first, second = lines([hit(100)], [hit(390, reverse=True)])
    assert fields(first) == "99 c 101 60 10M = 391 300"
    assert fields(second) == "147 c 391 60 10M = 101 -300"
    assert first[9:13] == ["AACCGGTTTT", "ABCDEFGHIJ", "NM:i:0", "RG:Z:s.1"]
    assert first[13:] == ["MQ:i:60", "MC:Z:10M", "ms:i:365"]
    assert second[9:11] == ["AAAACCGGTT", "JIHGFEDCBA"]


def test_flipped_pair():
    first, second = lines([hit(390, reverse=True)], [hit(100)])
    assert fields(first) == "83 c 391 60 10M = 101 -300"
    assert fields(second) == "163 c 101 60 10M = 391 300"


def test_same_start_gives_the_first_read_the_positive_length():
    first, second = lines([hit(100)], [hit(100, reverse=True)])
    assert (first[8], second[8]) == ("10", "-10")


def test_contigs_apart():
    first, second = lines([hit(100)], [hit(390, reverse=True, contig="d")])
    assert fields(first) == "97 c 101 60 10M d 391 0"
    assert fields(second) == "145 d 391 60 10M c 101 0"


def test_unmapped_mate_lies_with_its_mapped_mate():
    first, second = lines([hit(100, reverse=True)], [])
    assert fields(first) == "89 c 101 60 10M = 101 0"
    assert fields(second) == "165 c 101 0 * = 101 0"
    assert second[9:11] == ["AACCGGTTTT", "ABCDEFGHIJ"]


def test_unmapped_pair():
    first, second = lines([], [])
    assert fields(first) == "77 * 0 0 * * 0 0"
    assert fields(second) == "141 * 0 0 * * 0 0"


def test_single_reads():
    assert [fields(line) for line in lines([hit(100, reverse=True)], [], single=True)] == [
        "16 c 101 60 10M * 0 0"
    ]
    assert [fields(line) for line in lines([], [], single=True)] == ["4 * 0 0 * * 0 0"]


def test_split_read():
    part = hit(100, clips=(0, 4))
    rest = hit(700, contig="d", reverse=True, clips=(0, 6), mapq=7, edits=1)
    main, supplementary, mate = lines([part, rest], [hit(390, reverse=True)])
    assert fields(main) == "99 c 101 60 6M4S = 391 300"
    assert fields(supplementary) == "2163 d 701 7 4M6H c 391 0"
    assert fields(mate) == "147 c 391 60 10M = 101 -300"
    assert supplementary[9:11] == ["AAAA", "JIHG"]
    assert main[-1] == "SA:Z:d,701,-,4M6S,7,1;"
    assert supplementary[-1] == "SA:Z:c,101,+,6M4S,60,0;"


def test_second_places_are_no_split_read():
    assert len(lines([hit(100), hit(5000, primary=False)], [hit(390, reverse=True)])) == 2


def test_hit_over_the_same_bases_is_no_split_read():
    whole, chosen = hit(9000, mapq=0), hit(100, mapq=0, primary=False)
    found = lines([whole, chosen], [hit(390, reverse=True)])
    assert [fields(line) for line in found] == ["99 c 101 0 10M = 391 300", "147 c 391 60 10M = 101 -300"]
