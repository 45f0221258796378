"""FASTQ to staged BAM: complete, marked, indexed, the same bytes each time, or nothing at all."""

import gzip

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.reads.align import align_fastq, choose_aligner
from tests.reads.sequencing import draw_pair, fastq, header, records, write_pairs


def test_every_read_is_there_sorted_and_indexed(staged_bam, pairs):
    found = records(staged_bam)
    assert len(found) == 2 * len(pairs)
    places = [(record.reference_id, record.reference_start) for record in found]
    assert places == sorted(places)
    with pysam.AlignmentFile(str(staged_bam)) as handle:
        for pair in pairs[:20]:
            names = [record.query_name for record in handle.fetch(pair.contig, pair.start, pair.start + 1)]
            assert pair.name in names


def test_header(staged_bam):
    lines = header(staged_bam)
    assert lines["HD"]["SO"] == "coordinate"
    assert [line["SN"] for line in lines["SQ"]] == ["chr1", "chr2"]
    assert lines["RG"] == [{"ID": "ada.1", "SM": "ada", "LB": "ada", "PL": "ILLUMINA"}]
    assert [line["ID"] for line in lines["PG"]] == ["mappy", "seqmill-markdup"]
    assert not any("CL" in line for line in lines["PG"])


def test_mates_know_each_other(staged_bam):
    mates = {}
    for record in records(staged_bam):
        mates.setdefault(record.query_name, []).append(record)
    for one, other in mates.values():
        for record, mate in ((one, other), (other, one)):
            assert record.next_reference_id == mate.reference_id
            assert record.next_reference_start == mate.reference_start
            assert record.mate_is_reverse == mate.is_reverse
            assert record.get_tag("MC") == mate.cigarstring


def test_planted_duplicates_are_marked(genome, fasta, tmp_path):
    originals = [draw_pair(f"o{k}", genome, ("chr1", 40 * k, 40 * k + 300)) for k in range(60)]
    copies = [pair._replace(name=f"copy-of-{pair.name}") for pair in originals[::3]]
    paths = write_pairs(tmp_path, originals + copies)
    align_fastq([paths], fasta, tmp_path / "out.bam", sample="s")
    marked = {record.query_name for record in records(tmp_path / "out.bam") if record.is_duplicate}
    originals_of_marked = {name.removeprefix("copy-of-") for name in marked}
    assert len(marked) == len(copies)
    assert originals_of_marked == {pair.name for pair in originals[::3]}


def test_lanes_become_read_groups(pairs, fasta, tmp_path):
    lanes = []
    for number, part in enumerate((pairs[:100], pairs[100:150])):
        folder = tmp_path / f"lane{number}"
        folder.mkdir()
        lanes.append(write_pairs(folder, part))
    single = tmp_path / "single.fastq"
    single.write_text(fastq([(pair.name, pair.first) for pair in pairs[150:170]]))
    align_fastq([*lanes, (single, None)], fasta, tmp_path / "out.bam", sample="s")
    groups = [record.get_tag("RG") for record in records(tmp_path / "out.bam")]
    assert {group: groups.count(group) for group in set(groups)} == {"s.1": 200, "s.2": 100, "s.3": 20}
    assert [line["ID"] for line in header(tmp_path / "out.bam")["RG"]] == ["s.1", "s.2", "s.3"]


def test_same_bytes_for_any_threads_and_place(paired_fastq, staged_bam, fasta, tmp_path):
    align_fastq([paired_fastq], fasta, tmp_path / "elsewhere.bam", sample="ada", threads=3)
    assert sha256_file(tmp_path / "elsewhere.bam") == sha256_file(staged_bam)
    assert sha256_file(tmp_path / "elsewhere.bam.bai") == sha256_file(f"{staged_bam}.bai")


def test_bad_reads_leave_nothing(pairs, fasta, tmp_path):
    first, second = write_pairs(tmp_path, pairs)
    short = tmp_path / "short.fastq.gz"
    short.write_bytes(
        gzip.compress(b"".join(gzip.decompress(second.read_bytes()).splitlines(keepends=True)[:-4]))
    )
    before = set(tmp_path.iterdir())
    with pytest.raises(InputError, match=r"holds 300 reads and .* holds 299"):
        align_fastq([(first, short)], fasta, tmp_path / "out.bam", sample="s")
    assert set(tmp_path.iterdir()) == before


def test_choose_aligner(monkeypatch):
    monkeypatch.setattr("seqmill.reads.align.on_path", lambda program: program == "minimap2")
    assert choose_aligner("auto") == "minimap2"
    assert choose_aligner("mappy") == "mappy"
    with pytest.raises(InputError, match="'bwa' is not on the PATH"):
        choose_aligner("bwa")
    with pytest.raises(InputError, match=r"found 'minimap' \(did you mean 'minimap2'\?\)"):
        choose_aligner("minimap")
    monkeypatch.setattr("seqmill.reads.align.on_path", lambda program: False)
    assert choose_aligner("auto") == "mappy"
