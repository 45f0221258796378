"""FASTQ is read whole and checked; each kind of damage has its own message."""

import gzip

import pytest

from seqmill.errors import InputError
from seqmill.reads import fastq
from seqmill.reads.fastq import read_batches

GOOD = "@a\nACGT\n+\nIIII\n"


def write(folder, text):
    path = folder / "reads.fastq"
    path.write_bytes(text.encode("latin-1"))
    return path


@pytest.mark.parametrize(
    ("header", "name", "mate"),
    [
        ("r1", b"r1", 0),
        ("r1/1", b"r1", 1),
        ("r1/2", b"r1", 2),
        ("r1 2:N:0:ACGT", b"r1", 2),
        ("r1\t1:N:0:ACGT", b"r1", 1),
        ("r1/2 other words", b"r1", 2),
        ("r1/3", b"r1/3", 0),
        ("r1 1st", b"r1", 0),
    ],
)
def test_name_and_mate(tmp_path, header, name, mate):
    (batch,) = read_batches(write(tmp_path, f"@{header}\nACGT\n+\nIIII\n"))
    assert (batch.names, batch.mates) == ([name], [mate])


def test_bases_become_upper_case_and_line_ends_go(tmp_path):
    (batch,) = read_batches(write(tmp_path, "@a\r\nacgN\r\n+a\r\n!I~5\r\n\r\n"))
    assert batch.sequences == [b"ACGN"]
    assert batch.qualities == [b"!I~5"]


def test_batches_keep_the_order(tmp_path, monkeypatch):
    monkeypatch.setattr(fastq, "BATCH_READS", 3)
    text = "".join(f"@r{k}\nACGT\n+\nIIII\n" for k in range(7))
    batches = list(read_batches(write(tmp_path, text)))
    assert [len(batch.names) for batch in batches] == [3, 3, 1]
    assert [name for batch in batches for name in batch.names] == [b"r%d" % k for k in range(7)]


def test_gzip_is_told_by_content(tmp_path):
    path = tmp_path / "reads.txt"
    path.write_bytes(gzip.compress(GOOD.encode()))
    (batch,) = read_batches(path)
    assert batch.sequences == [b"ACGT"]


def test_read_without_bases_becomes_one_n(tmp_path):
    (batch,) = read_batches(write(tmp_path, "@a\n\n+\n\n" + GOOD + "@c\n\n+\n\n"))
    assert batch.sequences == [b"N", b"ACGT", b"N"]
    assert batch.qualities == [b"!", b"IIII", b"!"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "@b\nACGT\n+\nIII\n", "read 2 (line 5) 'b': the quality string has 3 characters, wanted 4"),
        (GOOD + "@b\nACGT\n+\nII I\n", "the quality string holds ' ', wanted Phred+33"),
        (GOOD + "@b\nACGT\n+\nII\xe9I\n", "the quality string holds '\\xe9'"),
        (GOOD + "@b\nAC-T\n+\nIIII\n", "the sequence holds '-', wanted A, C, G, T or N"),
        (GOOD + ">b\nACGT\n+\nIIII\n", "found '>b', wanted a header that starts with '@'"),
        (GOOD + "@b\nACGT\nIIII\n@c\n", "third line is 'IIII', wanted '+'"),
        (GOOD + "@b\nACGT\n", "found 2 of 4 lines at the end"),
        (GOOD + "@b\nACGT\n+\n", "found 3 of 4 lines at the end"),
        (GOOD + "@b\nACGT\n+\nII\x1fI\n", "the quality string holds '\\x1f'"),
        (GOOD + "@\nACGT\n+\nIIII\n", "found a header without a name, '@'"),
        (GOOD + "@ b\nACGT\n+\nIIII\n", "found a header without a name, '@ b'"),
        (
            GOOD + "@b\xe9\nACGT\n+\nIIII\n",
            "found the name 'b\\xe9' of 2 bytes, wanted at most 252 printable",
        ),
        (GOOD + f"@{'b' * 253}\nACGT\n+\nIIII\n", f"found the name '{'b' * 40}...' of 253 bytes"),
        ("", "holds no reads"),
        ("\n", "holds no reads"),
    ],
)
def test_damage_is_named(tmp_path, text, said):
    path = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        list(read_batches(path))
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_read_number_counts_over_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(fastq, "BATCH_READS", 2)
    with pytest.raises(InputError, match=r"read 4 \(line 13\)"):
        list(read_batches(write(tmp_path, 3 * GOOD + "@b\nACGT\n+\nIII\n")))


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_truncated_gzip(tmp_path, cut):
    path = tmp_path / "reads.fastq.gz"
    whole = gzip.compress("".join(f"@r{k}\nACGT\n+\nIIII\n" for k in range(5000)).encode())
    path.write_bytes(whole[:-cut])
    with pytest.raises(InputError, match="cut off or damaged"):
        list(read_batches(path))


def test_damaged_gzip(tmp_path):
    path = tmp_path / "reads.fastq.gz"
    whole = bytearray(gzip.compress("".join(f"@r{k}\nACGT\n+\nIIII\n" for k in range(5000)).encode()))
    whole[len(whole) // 2] ^= 0xFF
    path.write_bytes(whole)
    with pytest.raises(InputError):
        list(read_batches(path))


def test_alignments_are_no_fastq(tmp_path):
    path = tmp_path / "reads.fastq.gz"
    path.write_bytes(gzip.compress(b"BAM\1" + bytes(100)))
    with pytest.raises(
        InputError, match=r"found alignments \(BAM or CRAM\), wanted FASTQ; give it by --align"
    ):
        list(read_batches(path))


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such FASTQ file"):
        list(read_batches(tmp_path / "none.fastq"))
