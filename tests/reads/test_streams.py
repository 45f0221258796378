"""CRAM through the same columns, and what is neither BAM nor CRAM."""

from pathlib import Path

import numpy as np
import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads import streams
from seqmill.reads.reader import AlignmentReader
from seqmill.reads.samtools import samtools
from tests.reads.generated import CONTIGS, write_lines
from tests.reads.oracle import fetched, rows_of


@pytest.fixture
def cram(tmp_path: Path) -> tuple[Path, Path]:
    draw = np.random.default_rng(6)
    fasta = tmp_path / "reference.fa"
    bases = {name: "".join(draw.choice(list("ACGT"), length)) for name, length in CONTIGS.items()}
    fasta.write_text("".join(f">{name}\n{text}\n" for name, text in bases.items()))
    pysam.faidx(str(fasta))
    lines = []
    for k in range(300):
        at = 1 + 41 * k
        bases_of = bases["chr1"][at - 1 : at + 49]
        lines.append(
            f"r{k}\t{16 * (k % 2)}\tchr1\t{at}\t60\t3S47M\t*\t0\t0\t{bases_of}\t{'I' * 50}\tXX:i:{k}"
        )
    bam = write_lines(tmp_path / "a.bam", lines)
    path = tmp_path / "a.cram"
    samtools("view", "-C", "-T", fasta, "-o", path, bam)
    pysam.index(str(path))
    return path, fasta


def test_cram_equals_pysam(cram: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    path, fasta = cram
    monkeypatch.setattr(streams, "_CRAM_RECORDS", 70)
    with AlignmentReader(path, reference=fasta) as reader:
        for start, end in [(0, 200_000), (3_000, 3_001), (5_000, 9_000), (150_000, 160_000)]:
            found = reader.columns("chr1", start, end)
            assert rows_of(found) == fetched(path, "chr1", start, end, reference=fasta)
        for begin, end, found in reader.windows("chr1", 1_000, 9_000, size=1_500, margin=100):
            wanted = fetched(path, "chr1", begin - 100, end + 100, reference=fasta)
            assert rows_of(found) == wanted


def test_cram_without_index_is_refused(cram: tuple[Path, Path]) -> None:
    path, fasta = cram
    Path(f"{path}.crai").unlink()
    with AlignmentReader(path, reference=fasta) as reader, pytest.raises(InputError, match=r"a\.cram\.crai"):
        reader.columns("chr1", 0, 100)


@pytest.mark.parametrize("content", [b"", b"CRAM and no more", b"plain text", b"\x1f\x8b\x08\x04"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.bam"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.bam"):
        AlignmentReader(path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.bam: cannot be opened"):
        AlignmentReader(tmp_path / "none.bam")


def test_changed_and_cut_files_give_an_error_or_reads(tmp_path: Path) -> None:
    lines = [f"r{k}\t0\tchr1\t{7 * k + 1}\t60\t5M\t*\t0\t0\tACGTA\tIIIII" for k in range(2_000)]
    path = write_lines(tmp_path / "a.bam", lines)
    whole, draw = np.fromfile(path, np.uint8), np.random.default_rng(7)
    with AlignmentReader(path) as reader:
        wanted = rows_of(reader.columns("chr1", 0, 200_000))
    refused = 0
    for turn in range(80):
        changed = whole.copy()
        if turn % 4:
            changed[draw.integers(0, len(changed), 2)] ^= np.uint8(1 << turn % 8)
        else:
            changed = changed[: draw.integers(0, len(changed))]
        changed.tofile(path)
        try:
            with AlignmentReader(path) as reader:
                assert rows_of(reader.columns("chr1", 0, 200_000)) == wanted
        except InputError:
            refused += 1
    assert refused > 60
