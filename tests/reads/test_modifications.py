"""Base modifications against pysam's, on drawn reads of every form that MM may take, and by hand."""

import re
from collections import Counter
from pathlib import Path

import pysam
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.reads import sites
from seqmill.reads.modifications import MARKS, check_modifications, modified_sites
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.sites import ModifiedSites
from tests.reads.generated import consumed, write_lines

TURNED = str.maketrans("ACGTN", "TGCAN")
ENTRIES = [
    ["C+m?"],
    ["C+m.", "A+a?"],
    ["C+mh"],
    ["C+hm?", "A+a"],
    ["C+h?", "C+m."],
    ["C+27551?", "A+28871."],
    ["G-m?", "C+m?"],
    ["C+21839", "T-a."],
    ["N+a?"],
]


@st.composite
def modified_lines(draw: st.DrawFn) -> str:
    """One read with a correct MM and ML."""
    cigar = draw(st.sampled_from(["12M", "3S9M2S", "5M2I3D6M", "4M7N4=2X3M", "2I10M", "1M"]))
    length, flag = consumed(cigar), draw(st.sampled_from([0, 16]))
    bases = "".join(draw(st.lists(st.sampled_from("ACGTCGN"), min_size=length, max_size=length)))
    sequenced = bases[::-1].translate(TURNED) if flag & 16 else bases
    text, qualities = "", []
    for entry in draw(st.sampled_from(ENTRIES)):
        count = length if entry[0] == "N" else sequenced.count(entry[0])
        called = [k for k in range(count) if draw(st.booleans())]
        skips = [at - before - 1 for before, at in zip([-1, *called], called, strict=False)]
        text += "".join([entry, *(f",{skip}" for skip in skips), ";"])
        codes = re.search(r"\d+|[a-z]+", entry)[0]
        drawn = len(called) * (1 if codes.isdecimal() else len(codes))
        qualities += draw(st.lists(st.integers(0, 255), min_size=drawn, max_size=drawn))
    tags = [f"MM:Z:{text}", *([f"ML:B:C,{','.join(map(str, qualities))}"] if qualities else [])]
    tags += draw(st.sampled_from([[], [f"MN:i:{length}"]]))
    fields = ["r", flag, draw(st.sampled_from(["chr1", "chr2"])), draw(st.integers(1, 30)), 60, cigar]
    return "\t".join(map(str, [*fields, "*", 0, 0, bases, "*", *draw(st.permutations([*tags, "NM:i:3"]))]))


def expected(path: Path, contig: str, mark: str, cut: int) -> dict[tuple[int, int], tuple[int, int, float]]:
    """Sum what pysam lists, and for entries that are no ``?`` the bases it does not list."""
    held, high, total = Counter(), Counter(), Counter()
    codes = {MARKS[mark].letter, MARKS[mark].chebi}
    with pysam.AlignmentFile(str(path)) as handle:
        for record in handle.fetch(contig):
            places = {on: at for on, at in record.get_aligned_pairs(matches_only=True)}
            for base, sign, listed, rule in re.findall(
                r"([A-Z])([+-])(\d+|[a-z]+)([?.]?)[,0-9]*;", record.get_tag("MM")
            ):
                if not codes & ({int(listed)} if listed.isdecimal() else set(listed)):
                    continue
                strand = -1 if record.is_reverse ^ (sign == "-") else 1
                calls = {
                    on: quality
                    for key, found in (record.modified_bases or {}).items()
                    if key[0] == base and key[2] in codes
                    for on, quality in found
                }
                stored = base.translate(TURNED) if record.is_reverse else base
                for on, letter in enumerate(record.query_sequence):
                    if on not in places or not (on in calls or (rule != "?" and stored in (letter, "N"))):
                        continue
                    key = places[on], strand
                    held[key] += 1
                    high[key] += calls.get(on, -1) >= cut
                    total[key] += (calls[on] + 0.5) / 256 if on in calls else 0
    return {key: (held[key], high[key], total[key]) for key in sorted(held)}


def as_dict(found: ModifiedSites) -> dict[tuple[int, int], tuple[int, int, float]]:
    keys = zip(found.position.tolist(), found.strand.tolist(), strict=True)
    values = zip(found.coverage.tolist(), found.modified.tolist(), found.probability.tolist(), strict=True)
    return dict(zip(keys, values, strict=True))


@settings(max_examples=150)
@given(st.lists(modified_lines(), max_size=6), st.sampled_from(list(MARKS)), st.sampled_from([0.5, 0.8]))
def test_sums_are_those_of_pysam(tmp_path_factory, lines, mark, threshold):
    path = write_lines(tmp_path_factory.mktemp("modified") / "a.bam", lines)
    cut = min(quality for quality in range(256) if (quality + 0.5) / 256 >= threshold)
    with AlignmentReader(path) as reader:
        for contig in ("chr1", "chr2"):
            found = modified_sites(reader, contig, 0, 100, mark=mark, threshold=threshold)
            assert as_dict(found) == expected(path, contig, mark, cut)
            assert found.reads["used"] == sum(f"\t{contig}\t" in line for line in lines)
            assert sum(found.reads.values()) == found.reads["used"]


def line(*tags, bases="ACGCATCC", cigar="8M", flag=0, start=11):
    fields = ["r", flag, "chr1", start, 60, cigar, "*", 0, 0, bases, "*", *tags]
    return "\t".join(map(str, fields))


def table(tmp_path, lines, *, start=0, end=100, mark="5mC", threshold=0.5):
    path = write_lines(tmp_path / "a.bam", lines)
    with AlignmentReader(path) as reader:
        return modified_sites(reader, "chr1", start, end, mark=mark, threshold=threshold)


def test_both_strands_by_hand(tmp_path):
    forward = line("MM:Z:C+m?,1,1;", "ML:B:C,255,0")  # of the C at 11, 13, 16, 17 the second and the fourth
    reverse = line("MM:Z:C+m.,0;", "ML:B:C,200", flag=16)  # the only G, at 12
    found = table(tmp_path, [forward, reverse])
    assert as_dict(found) == {
        (12, -1): (1, 1, 200.5 / 256),
        (13, 1): (1, 1, 255.5 / 256),
        (17, 1): (1, 0, 0.5 / 256),
    }


def test_bases_not_listed_are_not_modified_unless_unknown(tmp_path):
    for rule, coverage in {"": 4, ".": 4, "?": 1}.items():
        found = table(tmp_path, [line(f"MM:Z:C+m{rule},0;", "ML:B:C,255")])
        assert found.coverage.sum() == coverage and found.modified.sum() == 1
    assert table(tmp_path, [line("MM:Z:C+m;")]).coverage.sum() == 4
    assert len(table(tmp_path, [line("MM:Z:C+m?;")])) == 0


def test_tags_of_old_versions_are_read(tmp_path):
    found = table(tmp_path, [line("Mm:Z:C+m?,0;", "Ml:B:C,128")])
    assert found.probability.tolist() == [128.5 / 256]


@pytest.mark.parametrize("window", [3, 7, 100])
def test_windows_do_not_matter(tmp_path, monkeypatch, window):
    monkeypatch.setattr(sites, "_WINDOW", window)
    lines = [line("MM:Z:C+m.,0;", "ML:B:C,200", start=start, flag=16 * (start % 2)) for start in range(1, 20)]
    found = table(tmp_path, [*lines, line()], start=5, end=22)
    with pysam.AlignmentFile(str(tmp_path / "a.bam")) as handle:
        reads = sum(1 for _ in handle.fetch("chr1", 5, 22))
    assert found.reads["used"] + found.reads["without_tag"] == reads and found.reads["without_tag"] == 1
    monkeypatch.setattr(sites, "_WINDOW", 1000)
    whole = as_dict(table(tmp_path, [*lines, line()]))
    assert as_dict(found) == {key: value for key, value in whole.items() if 5 <= key[0] < 22}


def test_a_file_without_the_tag_is_named(tmp_path):
    path = write_lines(tmp_path / "plain.bam", [line(), line()])
    message = (
        r"plain\.bam: none of the first 2 aligned reads carries the tag MM; wanted reads whose basecaller"
    )
    with pytest.raises(InputError, match=message):
        check_modifications(path, "5mC")
    with pytest.raises(InputError, match="no aligned read with the tag MM"):
        check_modifications(write_lines(tmp_path / "empty.bam", []), "5mC")


def test_a_mark_that_was_not_called_is_named(tmp_path):
    path = write_lines(tmp_path / "a.bam", [line(), line("MM:Z:C+mh?;C+21839;"), line("MM:Z:A+a;")])
    for mark in MARKS:
        check_modifications(path, mark)
    path = write_lines(tmp_path / "b.bam", [line("MM:Z:C+h?;A+28871;")])
    with pytest.raises(
        InputError, match=r"b\.bam: its tags MM list A 28871, C h; wanted 5mC \(code m on C\)"
    ):
        check_modifications(path, "5mC")
    with pytest.raises(InputError, match=r"mark: found '5mc' \(did you mean '5mC'\?\), wanted one of 5mC"):
        check_modifications(path, "5mc")
