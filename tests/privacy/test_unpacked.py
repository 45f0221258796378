"""Archives inside each other are opened, to a depth; bytes that only look like one are given as they are."""

import bz2
import gzip
import io
import lzma
import random
import tarfile
import zipfile

import pytest

from seqmill.errors import InputError
from seqmill.privacy.identifiers import Identifiers
from seqmill.privacy.unpacked import DEEPEST, unpacked

NAME = "MaryMajor"
MARY = Identifiers({1: NAME, 2: "Zoë Ångström", 3: "Ωραία"})


def zipped(content, name="inner"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def tarred(content, name="inner", *, owner=""):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size, member.uname = len(content), owner
        archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


def found(content):
    return MARY.within_pieces(unpacked(io.BytesIO(content)))


SECRET = f"of {NAME}".encode() * 3
ARCHIVES = {
    "zip in zip": zipped(zipped(SECRET)),
    "gzip in tar": tarred(gzip.compress(SECRET)),
    "tar in gzip": gzip.compress(tarred(gzip.compress(SECRET))),
    "tar in bzip2": bz2.compress(tarred(SECRET)),
    "zip in xz": lzma.compress(zipped(SECRET)),
    "owner in tar": tarred(b"", owner=NAME),
    "name in zip in zip": zipped(zipped(b"", NAME)),
    "escape in zip": zipped(b"file:///clinic/Mary%4Dajor"),
    "UTF-16 in zip": zipped(NAME.encode("utf-16-be")),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_what_is_packed_twice_is_found(kind):
    assert found(ARCHIVES[kind]) == {1}


def test_archives_lie_inside_each_other_to_a_depth():
    content = SECRET
    for _ in range(DEEPEST):
        content = gzip.compress(content)
    assert found(content) == {1}
    with pytest.raises(InputError, match="more than 4 archives inside each other"):
        found(zipped(content))


def test_a_damaged_archive_in_an_archive_is_not_clean_where_its_name_says_that_it_is_one():
    cut = gzip.compress(random.Random(1).randbytes(900))[:-400]
    assert found(zipped(b"PK\3\4" + SECRET, "data/0")) == {1}
    with pytest.raises(EOFError):
        found(zipped(cut, "reads.gz"))
    assert found(zipped(cut, "data/0")) == set()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_text_of_two_bytes_a_letter(encoding):
    assert found("zoë ångström".encode(encoding)) == {2}
    assert found(b"x" + NAME.encode(encoding)) == {1}


def test_letters_beyond_latin_need_the_mark_at_the_beginning():
    assert found("η Ωραία".encode("utf-16")) == {3}
    assert found("Ωραία".encode("utf-16-le")) == set()


@pytest.mark.parametrize("cut", range(1, 10))
@pytest.mark.parametrize("beside", [b"a%20b ", b"\0a\0b\0c\0d "])
def test_what_is_undone_in_one_piece_hides_nothing_that_reaches_into_the_next(monkeypatch, cut, beside):
    monkeypatch.setattr("seqmill.privacy.unpacked._PIECE", 64)
    assert found(beside + b" " * (64 - len(beside) - cut) + NAME.encode() + b" " * 70) == {1}
    assert found(beside + b"x" * (64 - len(beside) - cut) + NAME.encode() + b" " * 70) == set()
