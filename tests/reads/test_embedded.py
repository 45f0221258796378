"""The built-in aligner finds planted reads, and writes the same for any number of threads."""

import random

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.reads.embedded import EmbeddedAligner
from seqmill.reads.fragments import Fragment
from seqmill.reads.samtools import samtools
from tests.reads.sequencing import CONTIGS, draw_pair, reverse_complement

HEADER = pysam.AlignmentHeader.from_dict({"SQ": [{"SN": name, "LN": size} for name, size in CONTIGS.items()]})


def fragment(name, first, second=None):
    reads = []
    for bases in filter(None, (first, second)):
        reads += [bases.encode(), bytes(33 + k % 40 for k in range(len(bases)))]
    return Fragment(name.encode(), *reads)


def align(fasta, fragments, *, threads=1, size=100):
    batches = (fragments[start : start + size] for start in range(0, len(fragments), size))
    lines = EmbeddedAligner(fasta, threads=threads).align(batches, read_group="g")
    return [pysam.AlignedSegment.fromstring(line, HEADER) for batch in lines for line in batch]


def edits(record, genome):
    """Edit distance by walking the alignment, independent of the aligner."""
    bases = genome[record.reference_name]
    return sum(
        position is None or offset is None or bases[position] != record.query_sequence[offset]
        for offset, position in record.get_aligned_pairs()
        if offset is None or record.query_alignment_start <= offset < record.query_alignment_end
    )


def test_pairs_lie_where_they_were_drawn(fasta, pairs):
    found = align(fasta, [fragment(pair.name, pair.first, pair.second) for pair in pairs])
    assert [record.query_name for record in found] == [pair.name for pair in pairs for _ in range(2)]
    for pair, first, second in zip(pairs, found[::2], found[1::2], strict=True):
        ends = sorted((read.reference_start, read.reference_end) for read in (first, second))
        assert ends == [(pair.start, pair.start + 100), (pair.end - 100, pair.end)]
        assert first.is_read1 and second.is_read2 and first.is_proper_pair and second.is_proper_pair
        assert first.is_reverse == pair.flipped and second.is_reverse != pair.flipped
        assert {first.reference_name, second.reference_name} == {pair.contig}
        assert abs(first.template_length) == pair.end - pair.start
        assert first.template_length == -second.template_length
        assert first.get_forward_sequence() == pair.first
        assert second.get_forward_sequence() == pair.second
        assert list(first.get_forward_qualities()) == [k % 40 for k in range(100)]
        assert min(first.mapping_quality, second.mapping_quality) >= 40


def test_errors_indels_and_adapters(fasta, genome):
    draw = random.Random(5)
    fragments = []
    for number in range(200):
        start = draw.randrange(CONTIGS["chr1"] - 400)
        pair = draw_pair(f"r{number}", genome, ("chr1", start, start + 300), flipped=draw.random() < 0.5)
        reads = []
        for bases in (pair.first, pair.second):
            at = draw.randrange(30, 70)
            change = draw.choice(["", "A", bases[at : at + 3], "GATTACA"])
            adapter = "".join(draw.choices("ACGT", k=draw.choice([0, 15])))
            reads.append(bases[:at] + change + bases[at + 2 :] + adapter)
        fragments.append(fragment(pair.name, *reads))
    found = align(fasta, fragments)
    assert sum(not record.is_unmapped for record in found) > 390
    for record in found:
        if not record.is_unmapped:
            assert record.get_tag("NM") == edits(record, genome)
            assert record.infer_read_length() == len(record.get_forward_sequence())


def test_single_reads(fasta, genome):
    bases = genome["chr2"][700:800]
    found = align(
        fasta, [fragment("f", bases), fragment("r", reverse_complement(bases)), fragment("n", "N" * 50)]
    )
    assert [(record.flag, record.reference_start) for record in found] == [(0, 700), (16, 700), (4, -1)]


def test_unmapped_mate(fasta, genome):
    first, second = align(fasta, [fragment("f", genome["chr1"][500:600], "ACACACACAC" * 5)])
    assert (first.flag, second.flag) == (1 + 8 + 64, 1 + 4 + 128)
    assert second.reference_start == 500 and second.reference_name == "chr1"


@pytest.mark.parametrize("second_is_split", [False, True])
@pytest.mark.parametrize("inner", [False, True])
def test_split_read(fasta, genome, second_is_split, inner):
    near, far = genome["chr1"][2000:2080], reverse_complement(genome["chr2"][3000:3070])
    split = near + far if inner else far + near
    mate = reverse_complement(genome["chr1"][2150:2300])
    pair = (mate, split) if second_is_split else (split, mate)
    found = align(fasta, [fragment("s", *pair)])
    assert len(found) == 3
    (rest,) = [record for record in found if record.is_supplementary]
    (main,) = [record for record in found if record.has_tag("SA") and not record.is_supplementary]
    assert main.is_read2 == rest.is_read2 == second_is_split
    assert (main.reference_name, main.is_reverse, main.is_proper_pair) == ("chr1", False, True)
    assert (rest.reference_name, rest.is_reverse) == ("chr2", True)
    # the bases at the junction may agree with both sides by chance
    assert abs(rest.reference_start - 3000) <= 2 and abs(rest.reference_end - 3070) <= 2
    assert main.get_tag("SA").split(",")[:3] == ["chr2", str(rest.reference_start + 1), "-"]
    assert rest.get_tag("SA").split(",")[:3] == ["chr1", str(main.reference_start + 1), "+"]
    assert main.get_forward_sequence() == split
    assert rest.query_sequence == genome["chr2"][rest.reference_start : rest.reference_end]


def test_pair_in_a_repeat_is_proper(tmp_path, genome):
    repeat = genome["chr2"][1000:1400]
    path = tmp_path / "repeat.fa"
    path.write_text(
        f">chr1\n{genome['chr1'][:4000]}{repeat}{genome['chr1'][4000:]}\n>chr2\n{genome['chr2']}\n"
    )
    with pysam.FastaFile(str(path)) as fasta:
        bases = {name: fasta.fetch(name) for name in fasta.references}
    # the first read lies in unique sequence, the second in both copies of the repeat
    fragments = [
        fragment(pair.name, pair.first, pair.second)
        for start in range(3850, 3890)
        for pair in [draw_pair(f"r{start}", bases, ("chr1", start, start + 280))]
    ]
    for record in align(path, fragments):
        assert record.is_proper_pair
        assert record.reference_name == "chr1"


def test_mate_fields_are_those_of_fixmate(fasta, genome, pairs, tmp_path):
    """Lines as they come, against the same lines after samtools fixmate."""
    draw = random.Random(6)
    fragments = [fragment(pair.name, pair.first, pair.second) for pair in pairs[:100]]
    for number in range(60):
        first, second = draw.sample(pairs, 2)
        clipped = "".join(draw.choices("ACGT", k=40)) + first.first[: draw.randrange(40, 100)]
        split = first.first[:80] + second.first[:80]
        reads = [draw.choice([clipped, split]), draw.choice([second.second, "ACAC" * 20])]
        fragments.append(fragment(f"x{number}", *draw.choice([reads, reads[::-1]])))
    records = align(fasta, fragments)
    with pysam.AlignmentFile(str(tmp_path / "ours.bam"), "wb", header=HEADER) as handle:
        for record in records:
            handle.write(record)
    samtools("fixmate", "--no-PG", "-m", tmp_path / "ours.bam", tmp_path / "fixed.bam")
    assert any(record.is_supplementary for record in records)
    assert any(record.mate_is_unmapped for record in records)
    with pysam.AlignmentFile(str(tmp_path / "fixed.bam"), check_sq=False) as fixed:
        for ours, theirs in zip(records, fixed.fetch(until_eof=True), strict=True):
            assert ours.flag == theirs.flag
            assert ours.to_string().split("\t")[2:8] == theirs.to_string().split("\t")[2:8]
            if ours.is_proper_pair and not ours.is_supplementary:
                assert ours.template_length == theirs.template_length
            if not ours.is_supplementary:
                tags = [dict(record.get_tags()) for record in (ours, theirs)]
                for tag in ("MC", "MQ", "ms"):
                    assert tags[0].get(tag) == tags[1].get(tag), (tag, str(ours), str(theirs))


@pytest.mark.parametrize("threads", [2, 5])
def test_same_lines_for_any_number_of_threads(fasta, pairs, threads):
    fragments = [fragment(pair.name, pair.first, pair.second) for pair in pairs]
    alone = [record.to_string() for record in align(fasta, fragments, size=7)]
    assert [record.to_string() for record in align(fasta, fragments, threads=threads, size=7)] == alone


def test_error_in_the_reads_comes_through(fasta, pairs):
    def batches():
        yield [fragment(pair.name, pair.first, pair.second) for pair in pairs[:5]]
        raise InputError("bad FASTQ")

    with pytest.raises(InputError, match="bad FASTQ"):
        list(EmbeddedAligner(fasta, threads=2).align(batches(), read_group="g"))
