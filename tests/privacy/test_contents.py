"""What is packed is opened: a name is planted in each kind of file, and found again."""

import bz2
import datetime
import gzip
import json
import lzma
import sqlite3
import struct
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.privacy.contents import contents
from seqmill.privacy.encryption import encryption
from seqmill.privacy.identifiers import Identifiers

NAME = "MaryMajor"
MARY = Identifiers({1: NAME})
RECORD = 4711001
NUMBER = Identifiers({1: str(RECORD)})


def png_chunk(kind, body):
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*chunks):
    begin = b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    rows = png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    return begin + b"".join(chunks) + rows + png_chunk(b"IEND", b"")


def alignments(path, *, comment="", name="r1", tag="x"):
    header = {"HD": {"VN": "1.6"}, "SQ": [{"SN": "c1", "LN": 100}]}
    if comment:
        header["CO"] = [comment]
    reference = path.with_name("reference.fa")
    reference.write_text(">c1\n" + "A" * 100 + "\n")
    mode = "wc" if path.suffix == ".cram" else "wb"
    with pysam.AlignmentFile(str(path), mode, header=header, reference_filename=str(reference)) as out:
        read = pysam.AlignedSegment(out.header)
        read.query_name, read.reference_id, read.reference_start = name, 0, 5
        read.query_sequence, read.cigarstring = "AAAA", "4M"
        read.query_qualities = pysam.qualitystring_to_array("IIII")
        read.set_tag("CO", tag)
        out.write(read)
    reference.unlink()
    path.with_name("reference.fa.fai").unlink(missing_ok=True)


def variants(path):
    header = pysam.VariantHeader()
    header.add_line("##contig=<ID=c1,length=100>")
    header.add_sample(NAME)
    with pysam.VariantFile(str(path), "wb", header=header) as out:
        out.write(header.new_record(contig="c1", start=3, alleles=("A", "C")))


def database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE tags (key TEXT, value TEXT)")
        connection.execute("INSERT INTO tags VALUES ('patient', ?)", ["x" * 9000 + f" {NAME} " + "y" * 9000])
    connection.close()


def in_column(path, values):
    pq.write_table(pa.table({"column": values}), path, compression="zstd")


def archive(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("data.txt", f"of {NAME}")


WRITERS = {
    "text.txt": lambda path: path.write_text(f"of {NAME}"),
    "latin.html": lambda path: path.write_text("<p>Mary&#77;ajor</p>"),
    "escaped.json": lambda path: path.write_text('{"a": ["Mary\\u004dajor"]}'),
    "key.json": lambda path: path.write_text(json.dumps({NAME: 1})),
    "url.txt": lambda path: path.write_text("file:///clinic/Mary%4Dajor"),
    "packed.gz": lambda path: path.write_bytes(gzip.compress(NAME.encode())),
    "escaped.gz": lambda path: path.write_bytes(gzip.compress(b'{"a": "Mary\\u004dajor"}')),
    "little.txt": lambda path: path.write_bytes(f"of {NAME}".encode("utf-16-le")),
    "big.txt": lambda path: path.write_bytes(f"of {NAME}".encode("utf-16-be")),
    "marked.csv": lambda path: path.write_text(f"id\n{NAME}\n", encoding="utf-16"),
    "packed.bz2": lambda path: path.write_bytes(bz2.compress(NAME.encode())),
    "packed.xz": lambda path: path.write_bytes(lzma.compress(NAME.encode())),
    "comment.bam": lambda path: alignments(path, comment=f"of {NAME}"),
    "read.bam": lambda path: alignments(path, name=f"{NAME}:1"),
    "tag.bam": lambda path: alignments(path, tag=NAME),
    "comment.cram": lambda path: alignments(path, comment=f"of {NAME}"),
    "read.cram": lambda path: alignments(path, name=f"{NAME}:1"),
    "tag.cram": lambda path: alignments(path, tag=NAME),
    "calls.bcf": variants,
    "values.parquet": lambda path: pq.write_table(pa.table({"id": [NAME, None]}), path, compression="zstd"),
    "column.parquet": lambda path: pq.write_table(pa.table({NAME: [1]}), path, compression="zstd"),
    "bytes.parquet": lambda path: pq.write_table(pa.table({"id": [NAME.encode()]}), path),
    "metadata.parquet": lambda path: pq.write_table(
        pa.table({"a": [1]}).replace_schema_metadata({"of": NAME}), path
    ),
    "dictionary.parquet": lambda path: pq.write_table(
        pa.table({"id": pa.array([NAME]).dictionary_encode()}), path
    ),
    "nested.parquet": lambda path: pq.write_table(pa.table({"ids": [[NAME], []]}), path, compression="zstd"),
    "record.parquet": lambda path: in_column(path, pa.array([{"of": NAME}])),
    "key.of.record.parquet": lambda path: in_column(path, pa.array([{NAME: 1}])),
    "key.of.map.parquet": lambda path: in_column(
        path, pa.array([[(NAME, 1)]], pa.map_(pa.string(), pa.int8()))
    ),
    "value.of.map.parquet": lambda path: in_column(
        path, pa.array([[("of", NAME)]], pa.map_(pa.string(), pa.string()))
    ),
    "dictionaries.parquet": lambda path: in_column(
        path, pa.array([[NAME]], pa.list_(pa.dictionary(pa.int32(), pa.string())))
    ),
    "runs.db": database,
    "checkpoint.ckpt": archive,
    "plain.png": lambda path: path.write_bytes(png(png_chunk(b"tEXt", b"Author\0" + NAME.encode()))),
    "packed.png": lambda path: path.write_bytes(
        png(png_chunk(b"zTXt", b"Author\0\0" + zlib.compress(NAME.encode())))
    ),
    "international.png": lambda path: path.write_bytes(
        png(png_chunk(b"iTXt", b"Author\0\1\0\0\0" + zlib.compress(NAME.encode())))
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_a_name_is_found_in_any_kind_of_file(tmp_path, name):
    WRITERS[name](tmp_path / name)
    assert MARY.within_pieces(contents(tmp_path / name)) == {1}


NUMBERED = {
    "column.parquet": lambda path: in_column(path, pa.array([3, RECORD, None], pa.int64())),
    "narrow.parquet": lambda path: in_column(path, pa.array([RECORD], pa.uint32())),
    "missing.parquet": lambda path: in_column(path, pa.array([float(RECORD), None, float("nan")])),
    "nested.parquet": lambda path: in_column(path, pa.array([[RECORD], []])),
    "numbers.db": lambda path: numbers(path),
    "plain.json": lambda path: path.write_text(json.dumps({"record": [RECORD]})),
    "exponent.json": lambda path: path.write_text('{"record": 4.711001e6}'),
}


def numbers(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE records (id INTEGER, score REAL)")
        connection.execute("INSERT INTO records VALUES (?, 0.5)", [RECORD])
    connection.close()


@pytest.mark.parametrize("name", NUMBERED)
def test_a_number_of_a_record_is_found_whatever_it_is_stored_as(tmp_path, name):
    NUMBERED[name](tmp_path / name)
    assert NUMBER.within_pieces(contents(tmp_path / name)) == {1}


def test_numbers_that_are_others_or_short_or_places_are_no_identifiers(tmp_path):
    columns = {
        "count": [2048, 47110010, -RECORD],
        "score": [4711001.5, 0.4711, 2048.0],
        "start": [RECORD, 2048, 4711],
    }
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    listed = Identifiers({1: str(RECORD), 2: "2048", 3: "4711"})
    assert listed.within_pieces(contents(tmp_path / "table.parquet")) == set()


def test_a_date_of_birth_is_found_in_a_column_of_dates(tmp_path):
    born = datetime.date(1971, 3, 4)
    for kind in (pa.date32(), pa.timestamp("ns")):
        in_column(tmp_path / "table.parquet", pa.array([born], pa.date32()).cast(kind))
        assert Identifiers({1: "1971-03-04"}).within_pieces(contents(tmp_path / "table.parquet")) == {1}


@pytest.mark.parametrize("cut", [2, 5, 6, 9])
def test_an_escape_between_two_pieces_hides_nothing(tmp_path, monkeypatch, cut):
    monkeypatch.setattr("seqmill.privacy.unpacked._PIECE", 64)
    (tmp_path / "url.txt").write_text(" " * (64 - cut) + "Mary%4Dajor" + " " * 80)
    assert MARY.within_pieces(contents(tmp_path / "url.txt")) == {1}


@pytest.mark.parametrize("name", ["clean.bam", "clean.cram"])
def test_alignments_without_it_are_clean(tmp_path, name):
    alignments(tmp_path / name)
    assert MARY.within_pieces(contents(tmp_path / name)) == set()


def test_encrypted_tables_are_opened_with_the_key_and_are_not_clean_without(tmp_path, given, key):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"id": [NAME]}), path, encryption_properties=encryption(key))
    assert MARY.within_pieces(contents(path)) == {1}
    given.delenv("SEQMILL_KEY")
    with pytest.raises(InputError, match="no key"):
        list(contents(path))


@pytest.mark.parametrize("head", [b"\x1f\x8b", b"PAR1", b"BZh", b"PK\3\4", b"CRAM", b"SQLite format 3\0"])
def test_a_damaged_file_is_not_clean(tmp_path, head):
    (tmp_path / "cut").write_bytes(head + b"rest of nothing")
    with pytest.raises(InputError, match="cannot be looked into"):
        list(contents(tmp_path / "cut"))
