"""Alignments under a pseudonym against pysam: all that is read stays, all that names goes."""

import random

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads import pseudonymised as module
from seqmill.reads.pseudonymised import pseudonymise, read_pseudonym, reduced_header

KEY = bytes(range(16))
HEADER = {
    "HD": {"VN": "1.6", "SO": "coordinate", "GO": "none", "xx": "Mercy"},
    "SQ": [{"SN": "c1", "LN": 90000, "M5": "f" * 32, "UR": "file:///clinic/Mary.fa", "AS": "Mary"}],
    "RG": [
        {"ID": "Mary.L1", "SM": "Mary", "LB": "Mercy", "PU": "FC.1", "DS": "MRN-447", "DT": "2020-01-01"},
        {"ID": "Mary.L2", "SM": "Mary", "CN": "Mercy"},
    ],
    "PG": [{"ID": "bwa", "PN": "bwa", "VN": "0.7", "CL": "bwa mem /clinic/Mary.fq", "DS": "Mary", "PP": "x"}],
    "CO": ["patient Mary"],
}


def write(path, count=400, header=HEADER):
    draw = random.Random(7)
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for number in range(count):
            read = pysam.AlignedSegment(out.header)
            read.query_name = f"FLOWCELL:Mary:{number // 2}" + "x" * draw.randrange(0, 120)
            read.reference_id, read.reference_start, read.mapping_quality = 0, 10 * number, 60
            length = draw.randrange(1, 260)
            read.query_sequence = "".join(draw.choices("ACGTN", k=length))
            read.query_qualities = pysam.qualitystring_to_array("".join(draw.choices("!5I", k=length)))
            read.cigarstring, read.flag = f"{length}M", draw.choice([0, 16, 99, 147, 1024])
            read.set_tag("NM", number, "i")
            read.set_tag("MD", f"{length}")
            read.set_tag("ML", [1, 2, 255][: number % 3] or [7])
            read.set_tag("XF", 0.5, "f")
            read.set_tag("XA", "x", "A")
            if number % 3:
                read.set_tag("RG", f"Mary.L{number % 3}")
            read.set_tag("CO", "MRN-447")
            read.set_tag("PG", "bwa")
            out.write(read)
    return path


def fields(read):
    kept = [tag for tag in read.get_tags(with_value_type=True) if tag[0] not in ("RG", "CO", "PG")]
    return read.to_string().split("\t")[1:11], kept


def read_all(path):
    with pysam.AlignmentFile(str(path)) as handle:
        return handle.header.to_dict(), list(handle)


@pytest.fixture
def delivered(tmp_path):
    return write(tmp_path / "Mary.bam")


def rewritten(path, tmp_path):
    target = tmp_path / "p1.bam"
    header, before = read_all(path)
    pseudonymise(path, header, target, sample="p1", key=KEY)
    return before, *read_all(target)


@pytest.mark.parametrize("room", [1 << 21, 700])
def test_records_keep_all_but_names_groups_and_free_text(delivered, tmp_path, monkeypatch, room):
    monkeypatch.setattr(module, "_ROOM", room)
    before, _, after = rewritten(delivered, tmp_path)
    assert len(after) == len(before) == 400
    for old, new in zip(before, after, strict=True):
        assert fields(new) == fields(old)
        assert new.query_name == read_pseudonym(old.query_name.encode(), KEY).decode()
        group = old.get_tag("RG")[-1] if old.has_tag("RG") else "2"
        assert new.get_tag("RG") == f"p1.{group}"
        assert not new.has_tag("CO") and not new.has_tag("PG")


def test_the_header_keeps_what_it_takes_to_read(delivered, tmp_path):
    _, header, _ = rewritten(delivered, tmp_path)
    assert header == {
        "HD": {"VN": "1.6", "SO": "coordinate", "GO": "none"},
        "SQ": [{"SN": "c1", "LN": 90000, "M5": "f" * 32}],
        "RG": [{"ID": "p1.1", "SM": "p1"}, {"ID": "p1.2", "SM": "p1"}],
        "PG": [{"ID": "bwa", "PN": "bwa", "VN": "0.7"}],
    }


def test_no_name_is_in_the_inflated_bytes(delivered, tmp_path):
    rewritten(delivered, tmp_path)
    with pysam.BGZFile(str(delivered)) as old, pysam.BGZFile(str(tmp_path / "p1.bam")) as new:
        before, after = old.read(1 << 24), new.read(1 << 24)
    for word in (b"Mary", b"MRN-447", b"Mercy", b"FLOWCELL", b"/clinic"):
        assert word in before and word not in after


def test_the_file_is_whole_and_can_be_indexed(delivered, tmp_path):
    rewritten(delivered, tmp_path)
    pysam.quickcheck(str(tmp_path / "p1.bam"))
    pysam.index(str(tmp_path / "p1.bam"))
    with pysam.AlignmentFile(str(tmp_path / "p1.bam")) as handle:
        assert handle.count("c1", 1000, 1001) == sum(
            read.reference_start <= 1000 < read.reference_end for read in read_all(delivered)[1]
        )


def test_reads_without_a_group_get_one(tmp_path):
    header = {key: value for key, value in HEADER.items() if key != "RG"}
    before, header, after = rewritten(write(tmp_path / "Mary.bam", 6, header), tmp_path)
    assert header["RG"] == [{"ID": "p1.1", "SM": "p1"}]
    assert {read.get_tag("RG") for read in after} == {"p1.1"} and len(before) == 6


def test_mates_keep_one_name_and_another_key_gives_others(delivered, tmp_path):
    before, _, after = rewritten(delivered, tmp_path)
    groups = {}
    for old, new in zip(before, after, strict=True):
        groups.setdefault(old.query_name, set()).add(new.query_name)
    assert all(len(names) == 1 for names in groups.values())
    assert len({name for names in groups.values() for name in names}) == len(groups)
    assert read_pseudonym(b"r1", KEY) != read_pseudonym(b"r1", bytes(16))


def test_a_file_that_ends_in_a_record_is_refused(tmp_path):
    header, _ = read_all(write(tmp_path / "Mary.bam", 4))
    with pysam.BGZFile(str(tmp_path / "Mary.bam")) as whole:
        inflated = whole.read(1 << 20)
    with pysam.BGZFile(str(tmp_path / "cut.bam"), "wb") as cut:
        cut.write(inflated[:-5])
    with pytest.raises(InputError, match="last record cut short") as caught:
        pseudonymise(tmp_path / "cut.bam", header, tmp_path / "p1.bam", sample="p1", key=KEY)
    assert "FLOWCELL" not in str(caught.value)


def test_a_damaged_record_is_refused(tmp_path):
    header, _ = read_all(write(tmp_path / "Mary.bam", 4))
    with pysam.BGZFile(str(tmp_path / "Mary.bam")) as whole:
        inflated = bytearray(whole.read(1 << 20))
    at = inflated.index(b"NMi")
    inflated[at + 2] = ord("?")
    with pysam.BGZFile(str(tmp_path / "bad.bam"), "wb") as bad:
        bad.write(bytes(inflated))
    with pytest.raises(InputError, match="damaged record"):
        pseudonymise(tmp_path / "bad.bam", header, tmp_path / "p1.bam", sample="p1", key=KEY)


def test_a_header_of_nothing_gets_a_read_group():
    assert reduced_header({}, "p1") == {"RG": [{"ID": "p1.1", "SM": "p1"}]}
