"""Aligner programs are fed every fragment, read to their end, and their failure is told."""

import os

import pysam
import pytest

from seqmill.errors import InputError, SeqmillError
from seqmill.reads.external import ExternalAligner, on_path
from seqmill.reads.fragments import Fragment
from tests.reads.sequencing import CONTIGS

HEADER = pysam.AlignmentHeader.from_dict({"SQ": [{"SN": name, "LN": size} for name, size in CONTIGS.items()]})


def fragment(pair, *, single=False):
    first = (pair.name.encode(), pair.first.encode(), b"I" * len(pair.first))
    return Fragment(*first) if single else Fragment(*first, pair.second.encode(), b"I" * len(pair.second))


def script(folder, monkeypatch, name, text):
    """Put a program of this name first on the PATH."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("program", ["bwa", "minimap2"])
def test_pairs_lie_where_they_were_drawn(program, fasta, pairs, tmp_path, capfd):
    if not on_path(program):
        pytest.skip(f"{program} is not on the PATH")
    engine = ExternalAligner(program, fasta, threads=2, folder=tmp_path)
    assert engine.version[0].isdigit()
    batches = iter(
        [[fragment(pair) for pair in pairs[:200]], [fragment(pair, single=True) for pair in pairs[200:]]]
    )
    lines = [line for batch in engine.align(batches, read_group="ada.1") for line in batch]
    found = [pysam.AlignedSegment.fromstring(line, HEADER) for line in lines]
    assert len(found) == 500
    assert sum(record.is_proper_pair for record in found) == 400
    starts = {pair.name: (pair.start, pair.end - 100) for pair in pairs}
    assert all(record.reference_start in starts[record.query_name] for record in found)
    assert {record.get_tag("RG") for record in found} == {"ada.1"}
    assert ("has no bwa index" in capfd.readouterr().err) == (program == "bwa")


def test_failing_program(fasta, pairs, tmp_path, monkeypatch):
    script(tmp_path, monkeypatch, "minimap2", "cat > /dev/null; echo out of luck >&2; exit 3")
    engine = ExternalAligner("minimap2", fasta, threads=1, folder=tmp_path)
    with pytest.raises(SeqmillError, match="minimap2 failed with exit code 3: out of luck"):
        list(engine.align(iter([[fragment(pair) for pair in pairs]]), read_group="g"))


def test_program_that_does_not_read(fasta, pairs, tmp_path, monkeypatch):
    script(tmp_path, monkeypatch, "minimap2", "echo no memory >&2; exit 1")
    engine = ExternalAligner("minimap2", fasta, threads=1, folder=tmp_path)
    many = ([fragment(pair) for pair in pairs] for _ in range(50))
    with pytest.raises(SeqmillError, match="no memory"):
        list(engine.align(many, read_group="g"))


def test_error_in_the_reads_comes_through(fasta, pairs, tmp_path, monkeypatch):
    def batches():
        yield [fragment(pair) for pair in pairs]
        raise InputError("bad FASTQ")

    script(tmp_path, monkeypatch, "minimap2", "cat > /dev/null")
    engine = ExternalAligner("minimap2", fasta, threads=1, folder=tmp_path)
    with pytest.raises(InputError, match="bad FASTQ"):
        list(engine.align(batches(), read_group="g"))
