"""Levels by hand, out of reads and out of tables."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.expression.levels import gene_points, region_points, targets
from seqmill.applications.expression.spec import Options
from seqmill.errors import InputError
from seqmill.genome.gff import read_annotation
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from tests.applications.expression import planted
from tests.applications.expression.conftest import SMALL


def find(world, alignments, *intervals, files=None, **options):
    report = LabelReport()
    whole = [Interval(name, 0, length) for name, length in world.lengths.items()]
    job = ExamplesJob(
        sample="leaf",
        alignments=alignments,
        reference=world.reference,
        intervals=intervals or tuple(whole),
        splits=Splits(planted.SPLITS),
        files=files or {},
        options=Options(**options),
    )
    with Reference(world.reference) as reference:
        return targets(job, report, reference), report


def of_genes(world, *intervals, **options):
    found, report = find(world, world.reads, *intervals, files={"annotation": world.genes}, **options)
    return {target.point.name: target.level for target in found}, report


def log_tpm(counts, lengths):
    rates = np.array(counts) / np.array(lengths)
    return np.log2(rates * 1e6 / rates.sum() + 1)


GENES = ["plus", "minus", "edge", "short"]
LENGTHS = [100, 200, 100, 100]


@pytest.mark.parametrize(
    ("library", "counts"),
    [("unstranded", [4, 6, 1, 2]), ("forward", [3, 6, 1, 2]), ("reverse", [1, 0, 0, 0])],
)
def test_levels_are_log_tpm_of_the_reads_on_the_strand_of_the_library(world, library, counts):
    levels, report = of_genes(world, library=library)
    expected = dict(zip(GENES, log_tpm(counts, LENGTHS), strict=True))
    assert levels == pytest.approx(expected)
    assert report.counts["fragments_counted"] == sum(counts)
    assert report.counts["fragments_dropped.too_low_quality"] == 1
    dropped = {name: n for name, n in report.counts.items() if name.startswith("fragments")}
    assert sum(dropped.values()) == len(planted.READS)
    assert report.counts["transcripts_dropped.unknown_contig"] == 1


def test_all_genes_are_counted_and_those_of_a_biotype_become_examples(world):
    levels, report = of_genes(world, biotypes=("protein_coding",))
    assert levels == pytest.approx(dict(zip(GENES[:3], log_tpm([4, 6, 1, 2], LENGTHS)[:3], strict=True)))
    assert report.counts["genes_dropped.other_biotype"] == 1
    with pytest.raises(InputError, match=r"no gene of mRNA in .*genes\.gff3; found protein_coding, tRNA"):
        of_genes(world, biotypes=("mRNA",))


def test_jobs_share_the_genes_by_their_start_and_one_reports_the_reads(world):
    whole, counted = of_genes(world)
    cuts = [
        [Interval("c1", 0, 599)],
        [Interval("c1", 599, world.lengths["c1"])],
        [Interval("c2", 0, world.lengths["c2"])],
    ]
    pieces = [of_genes(world, *cut) for cut in cuts]
    assert [list(levels) for levels, _ in pieces] == [["plus"], ["minus"], ["edge", "short"]]
    assert {name: level for levels, _ in pieces for name, level in levels.items()} == whole
    assert pieces[0][1].counts == counted.counts
    assert pieces[1][1].counts == pieces[2][1].counts == {}


def test_reads_want_an_annotation(world):
    with pytest.raises(InputError, match=r"files\.annotation: not given"):
        find(world, world.reads)


def test_transcription_starts_at_the_five_prime_end(world):
    points, _ = gene_points(read_annotation(world.genes, contigs=world.lengths), ())
    assert [(point.name, point.position, point.strand) for point in points] == [
        ("plus", 100, "+"),
        ("minus", 599, "-"),
        ("edge", 4, "+"),
        ("short", 500, "+"),
    ]


def test_regions_give_their_level_and_group(world):
    found, report = find(world, world.regions, **SMALL)
    lines = [line.split("\t") for line in (world.folder / "regions.bed").read_text().splitlines()[1:]]
    assert [target.point.name for target in found] == [line[3] for line in lines]
    assert [target.level for target in found] == [float(line[6]) for line in lines]
    assert [target.group for target in found] == [line[7] for line in lines]
    assert report.counts["regions"] == len(lines)


def test_a_promoter_ends_downstream_of_its_first_transcribed_base():
    rows = [("c1", 100, 140, "a", "+"), ("c1", 100, 140, "b", "-"), ("c1", 100, 139, "c", "+")]
    table = pd.DataFrame(rows, columns=["contig", "start", "end", "name", "strand"])
    points, kept = region_points(table, Options(upstream=35, downstream=5))
    assert [(point.name, point.position) for point in points] == [("a", 135), ("b", 104)]
    assert kept.tolist() == [True, True, False]


def stage(world, tmp_path, text):
    (tmp_path / "r.bed").write_text(text)
    with Reference(world.reference) as reference:
        stage_regions(tmp_path / "r.bed", reference, tmp_path / "r.bed.gz")
    return tmp_path / "r.bed.gz"


def test_regions_without_a_level_or_of_another_length_are_left_out_and_counted(world, tmp_path):
    rows = [("c1", 10, 50, "1.5"), ("c1", 60, 100, "NA"), ("c1", 110, 140, "2"), ("c2", 20, 60, "inf")]
    lines = ["#contig\tstart\tend\tlevel", *("\t".join(map(str, row)) for row in rows)]
    staged = stage(world, tmp_path, "\n".join(lines) + "\n")
    found, report = find(world, staged, upstream=35, downstream=5)
    assert [target.level for target in found] == [1.5]
    assert report.counts == {
        "regions": 4,
        "regions_dropped.without_level": 2,
        "regions_dropped.other_length": 1,
    }


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("c1\t0\t40\ta\n", {}, "no column 'level'; found contig, start, end, name"),
        ("#c\ts\te\tlevel\nc1\t0\t40\t1\n", {"group": "levle"}, "no column 'levle'.*level"),
        ("#c\ts\te\tlevel\nc1\t0\t30\t1\n", {}, "no region of 40 bases found, most have 30"),
    ],
)
def test_tables_that_cannot_be_used_are_refused(world, tmp_path, text, options, message):
    staged = stage(world, tmp_path, text)
    with pytest.raises(InputError, match=message):
        find(world, staged, **{"upstream": 35, "downstream": 5} | options)
