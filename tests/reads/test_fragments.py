"""Fragments come out whole, whatever way their reads were laid down."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seqmill.errors import InputError
from seqmill.reads import fastq, fragments
from seqmill.reads.fragments import Fragment, Lane, fragment_batches


def write(path, names):
    """Write reads whose bases tell the name and the mate."""
    path.write_text("".join(f"@{name}\n{bases(name)}\n+\n{'I' * len(bases(name))}\n" for name in names))
    return path


def bases(name):
    number, _, mate = name.partition("/")
    return "A" * (1 + int(number[1:])) + {"1": "C", "2": "G", "": ""}[mate]


def stream(*paths):
    return [fragment for batch in fragment_batches(Lane(*paths)) for fragment in batch]


def pair(number):
    first, second = bases(f"r{number}/1").encode(), bases(f"r{number}/2").encode()
    return Fragment(b"r%d" % number, first, b"I" * len(first), second, b"I" * len(second))


def single(number, mate=""):
    read = bases(f"r{number}{mate}").encode()
    return Fragment(b"r%d" % number, read, b"I" * len(read))


def test_two_files(tmp_path):
    paths = [write(tmp_path / f"{mate}.fq", [f"r{k}/{mate}" for k in range(5)]) for mate in (1, 2)]
    assert stream(*paths) == [pair(k) for k in range(5)]


def test_single_reads(tmp_path):
    assert stream(write(tmp_path / "s.fq", ["r0", "r1", "r2"])) == [single(k) for k in range(3)]


def test_single_reads_that_all_say_mate_1(tmp_path):
    found = stream(write(tmp_path / "s.fq", ["r0/1", "r1/1"]))
    assert found == [single(0, "/1"), single(1, "/1")]


def test_interleaved_neighbours(tmp_path):
    names = [f"r{k}/{mate}" for k in range(4) for mate in (1, 2)]
    assert stream(write(tmp_path / "i.fq", names)) == [pair(k) for k in range(4)]


@given(order=st.permutations([f"r{k}/{mate}" for k in range(5) for mate in (1, 2)] + ["r5/2", "r6/1"]))
def test_interleaved_in_any_order(tmp_path_factory, order):
    found = stream(write(tmp_path_factory.mktemp("i") / "i.fq", order))
    assert sorted(found[:5]) == [pair(k) for k in range(5)]
    alone = {"r5/2": single(5, "/2"), "r6/1": single(6, "/1")}
    assert found[5:] == [alone[name] for name in order if name in alone]


def test_interleaved_over_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(fastq, "BATCH_READS", 4)
    monkeypatch.setattr(fragments, "BATCH_READS", 4)
    names = [f"r{k}/{mate}" for k in range(20) for mate in (1, 2)]
    random.Random(1).shuffle(names)
    path = write(tmp_path / "i.fq", [*names, *(f"r{k}/1" for k in range(20, 30))])
    batches = list(fragment_batches(Lane(path)))
    assert all(0 < len(batch) <= 4 for batch in batches)
    assert sum(fragment.sequence_2 is not None for batch in batches for fragment in batch) == 20
    assert sum(map(len, batches)) == 30


@pytest.mark.parametrize(("firsts", "seconds"), [(5, 4), (4, 5), (5000, 4096), (4096, 5000), (2048, 1)])
def test_unequal_counts(tmp_path, firsts, seconds):
    paths = []
    for mate, count in (("1", firsts), ("2", seconds)):
        path = tmp_path / f"{mate}.fq"
        path.write_text("".join(f"@r{k}/{mate}\nA\n+\nI\n" for k in range(count)))
        paths.append(path)
    with pytest.raises(InputError) as caught:
        stream(*paths)
    assert f"1.fq holds {firsts:,} reads" in str(caught.value)
    assert f"2.fq holds {seconds:,}" in str(caught.value)


def test_read_lost_in_the_middle_is_told_as_a_count(tmp_path):
    first = write(tmp_path / "1.fq", ["r0/1", "r1/1", "r2/1"])
    second = write(tmp_path / "2.fq", ["r0/2", "r2/2"])
    with pytest.raises(InputError, match=r"holds 3 reads and .* holds 2;"):
        stream(first, second)


def test_other_order(tmp_path):
    first = write(tmp_path / "1.fq", ["r0/1", "r1/1"])
    second = write(tmp_path / "2.fq", ["r1/2", "r0/2"])
    with pytest.raises(InputError, match=r"2\.fq: found read 'r1' where .*1\.fq has 'r0'"):
        stream(first, second)


def test_mate_twice(tmp_path):
    with pytest.raises(InputError, match="read 'r0' comes twice as mate 1"):
        stream(write(tmp_path / "i.fq", ["r0/1", "r1/1", "r1/2", "r0/1"]))


def test_mates_too_far_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(fragments, "MAX_WAITING", 3)
    with pytest.raises(InputError, match="4 reads wait for their mates, wanted at most 3"):
        stream(write(tmp_path / "i.fq", ["r0/1", "r1/1", "r2/1", "r3/2"]))
