import gzip
import os
import pickle

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference, codes_over


def write(path, text=">one first\nACGTac\ngtNN\n>two\nTTTT\n"):
    path.write_text(text)
    return path


def test_contigs_keep_the_order_of_the_file(tmp_path):
    assert list(Reference(write(tmp_path / "r.fa")).contigs.items()) == [("one", 10), ("two", 4)]


@pytest.mark.parametrize(
    ("contig", "start", "end", "bases"),
    [("one", 0, 10, "ACGTACGTNN"), ("one", 3, 6, "TAC"), ("two", 1, 1, ""), ("two", 0, 4, "TTTT")],
)
def test_fetch_gives_upper_case_half_open(tmp_path, contig, start, end, bases):
    assert Reference(write(tmp_path / "r.fa")).fetch(contig, start, end) == bases


def test_fetch_far_apart_and_back_across_blocks(tmp_path):
    bases = "".join(np.random.default_rng(1).choice(list("ACGT"), 2_500_000))
    reference = Reference(write(tmp_path / "r.fa", f">long\n{bases}\n"))
    for start in (0, 2_400_000, 1_048_570, 5, 2_499_990):
        assert reference.fetch("long", start, start + 10) == bases[start : start + 10]
    assert reference.fetch("long", 0, len(bases)) == bases


def test_codes(tmp_path):
    codes = Reference(write(tmp_path / "r.fa")).codes("one", 0, 10)
    assert codes.dtype == np.uint8
    assert codes.tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 4, 4]


@pytest.mark.parametrize(
    ("start", "end", "codes"),
    [(-2, 2, [4, 4, 0, 1]), (6, 12, [2, 3, 4, 4, 4, 4]), (1, 3, [1, 2]), (-4, -2, [4, 4]), (11, 13, [4, 4])],
)
def test_beyond_the_contig_no_base_is_known(tmp_path, start, end, codes):
    assert codes_over(Reference(write(tmp_path / "r.fa")), "one", start, end).tolist() == codes


@pytest.mark.parametrize(("contig", "start", "end"), [("one", 0, 11), ("one", -1, 3), ("one", 5, 4)])
def test_an_interval_off_the_contig_is_refused(tmp_path, contig, start, end):
    with pytest.raises(InputError, match="leaves the contig of 10 bases"):
        Reference(write(tmp_path / "r.fa")).fetch(contig, start, end)


def test_an_unknown_contig_names_the_nearest(tmp_path):
    with pytest.raises(InputError, match=r"no contig 'onn'.*did you mean 'one'"):
        Reference(write(tmp_path / "r.fa")).fetch("onn", 0, 1)


def test_bgzipped_equals_plain(tmp_path):
    plain = write(tmp_path / "r.fa")
    packed = tmp_path / "packed.fa.gz"
    pysam.tabix_compress(str(plain), str(packed))
    assert Reference(packed).fetch("one", 2, 8) == Reference(plain).fetch("one", 2, 8)
    assert Reference(packed).checksum == Reference(plain).checksum


def test_gzip_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "r.fa.gz"
    path.write_bytes(gzip.compress(b">a\nACGT\n"))
    with pytest.raises(InputError, match="bgzip"):
        Reference(path)


def test_missing_and_no_fasta(tmp_path):
    with pytest.raises(InputError, match="no such reference"):
        Reference(tmp_path / "none.fa")
    with pytest.raises(InputError, match="cannot be read as FASTA"):
        Reference(write(tmp_path / "r.fa", "hello\n"))
    assert not (tmp_path / "r.fa.fai").exists()


def test_checksum_depends_on_content_alone(tmp_path):
    first = Reference(write(tmp_path / "a.fa"))
    rewrapped = Reference(write(tmp_path / "b.fa", ">one\nacgtACGTNN\n>two\nTT\nTT\n"))
    renamed = Reference(write(tmp_path / "c.fa", ">one\nACGTACGTNN\n>three\nTTTT\n"))
    changed = Reference(write(tmp_path / "d.fa", ">one\nACGTACGTNA\n>two\nTTTT\n"))
    assert first.checksum == rewrapped.checksum
    assert len({first.checksum, renamed.checksum, changed.checksum}) == 3


def test_an_index_older_than_the_file_is_rebuilt(tmp_path):
    path = write(tmp_path / "r.fa")
    Reference(path).close()
    write(path, ">other\nGG\n")
    os.utime(tmp_path / "r.fa.fai", (1, 1))
    assert Reference(path).contigs == {"other": 2}


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path, monkeypatch):
    path = write(tmp_path / "r.fa")

    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr("shutil.copyfile", refuse)
    with Reference(path) as reference:
        assert reference.fetch("two", 0, 2) == "TT"
    assert os.listdir(tmp_path) == ["r.fa"]


def test_pickles(tmp_path):
    reference = pickle.loads(pickle.dumps(Reference(write(tmp_path / "r.fa"))))
    assert reference.fetch("one", 0, 4) == "ACGT"
