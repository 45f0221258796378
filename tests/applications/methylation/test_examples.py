"""Examples of a planted genome: places, strands, levels, weights and what is left out."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.methylation.examples import examples
from seqmill.applications.methylation.spec import encoding
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.modifications import modified_sites
from seqmill.reads.reader import AlignmentReader
from seqmill.shards.bases import unpack_bases
from seqmill.shards.schema import arrow_schema
from tests.applications.methylation import planted
from tests.applications.methylation.conftest import BISULFITE, SMALL, options


def build(world, *intervals, reads="modified.bam", **given):
    job = ExamplesJob(
        sample="ada",
        alignments=world.folder / reads,
        reference=world.reference,
        intervals=intervals or (Interval("t1", 0, planted.CONTIGS["t1"]),),
        splits=Splits(planted.SPLITS),
        options=options(SMALL | given if reads == "modified.bam" else BISULFITE | given),
    )
    report = LabelReport()
    return pa.Table.from_batches(examples(job, report), arrow_schema(encoding(job.options))), report


def windows(table, width):
    rows = np.empty((table.num_rows, width), np.uint8)
    for row, packed in zip(rows, table["sequence"].to_pylist(), strict=True):
        unpack_bases(np.frombuffer(packed, np.uint8), row)
    return rows


def places(table):
    return list(zip(table["start"].to_pylist(), table["strand"].to_pylist(), strict=True))


def test_every_site_is_in_the_middle_of_its_own_strand(world):
    table, report = build(world)
    with Reference(world.reference) as reference:
        for (at, strand), row in zip(places(table)[:200], windows(table, 21), strict=False):
            text = reference.fetch("t1", at - 10, at + 11)
            if strand == "-":
                text = text[::-1].translate(str.maketrans("ACGT", "TGCA"))
            assert "".join("ACGT"[code] for code in row) == text
            assert text[10] in "AC"
    assert set(table["split"].to_pylist()) == {"test"}
    assert report.classes["test"]["6mA"] + report.classes["test"]["5mC"] == table.num_rows


def test_levels_and_coverage_are_those_of_the_reads(world):
    table, _ = build(world)
    with AlignmentReader(world.folder / "modified.bam") as reader:
        found = modified_sites(reader, "t1", 0, 8000, mark="6mA")
    told = {
        (at, strand): (probability / coverage, coverage)
        for at, strand, probability, coverage in zip(
            found.position.tolist(),
            found.strand.tolist(),
            found.probability.tolist(),
            found.coverage.tolist(),
            strict=True,
        )
    }
    checked = 0
    for row in table.select(["start", "strand", "level_6mA", "coverage_6mA", "weight"]).to_pylist():
        if row["coverage_6mA"]:
            level, coverage = told[row["start"], 1 if row["strand"] == "+" else -1]
            assert row["level_6mA"] == pytest.approx(level, abs=1e-6)
            assert row["coverage_6mA"] == coverage
            assert row["weight"] == min(coverage, 50)
            checked += 1
    assert checked > 1000


def test_planted_sites_stand_out(world):
    table, _ = build(world)
    rows = windows(table, 21)
    level = table["level_6mA"].to_numpy()
    at_motif = (rows[:, 9:13] == [2, 0, 3, 1]).all(axis=1)
    assert at_motif.sum() > 50
    assert np.quantile(level[at_motif], 0.05) > 0.5
    others = level[~at_motif & (rows[:, 10] == 0)]
    assert others.mean() < 0.2


def test_calls_are_counted_from_the_threshold(world):
    probable, _ = build(world)
    strict, _ = build(world, labels="calls", threshold=0.9)
    lax, _ = build(world, labels="calls", threshold=0.1)
    strict_levels, lax_levels = (table["level_6mA"].to_numpy() for table in (strict, lax))
    coverage = strict["coverage_6mA"].to_numpy()
    np.testing.assert_allclose(strict_levels * coverage, np.round(strict_levels * coverage), atol=1e-4)
    assert strict_levels.mean() < probable["level_6mA"].to_numpy().mean() < lax_levels.mean()


def test_examples_do_not_depend_on_how_jobs_are_cut(world):
    whole, counted = build(world)
    pieces = [build(world, Interval("t1", *cut)) for cut in ((0, 101), (101, 5_000), (5_000, 8_000))]
    assert pa.concat_tables([table for table, _ in pieces]).equals(whole)
    summed: Counter[str] = Counter()
    for _, report in pieces:
        summed.update(report.counts)
    for name, n in counted.counts.items():
        assert summed[name] >= n if name.startswith("reads.") else summed[name] == n


def test_what_is_left_out_is_counted(world):
    table, report = build(world)
    _, few = build(world, min_coverage=15)
    sites = table.num_rows + sum(n for name, n in report.counts.items() if name.startswith("sites_"))
    left = sum(n for name, n in few.counts.items() if name.startswith("sites_dropped."))
    assert few.counts["sites_dropped.low_coverage"] > report.counts["sites_dropped.low_coverage"]
    assert sites - left == sum(few.classes["test"][mark] for mark in ("6mA", "5mC"))
    with_ends, told = build(world, min_coverage=1)
    assert told.counts["sites_dropped.over_contig_end"] > 0
    assert min(with_ends["start"].to_pylist()) >= 10
    assert max(with_ends["start"].to_pylist()) < 7990


def test_a_share_of_sites_is_drawn_by_place_and_not_by_label(world):
    whole, _ = build(world)
    part, report = build(world, share=0.3)
    assert set(places(part)) < set(places(whole))
    assert 0.25 < part.num_rows / whole.num_rows < 0.35
    assert report.counts["sites_dropped.not_drawn"] > 0
    same, _ = build(world, share=0.3, min_coverage=1)
    assert set(places(part)) <= set(places(same))


def test_contexts_choose_among_cytosines(world):
    table, report = build(world, contexts=["CpG"])
    rows = windows(table, 21)
    cytosines = rows[:, 10] == 1
    assert (rows[cytosines, 11] == 2).all()
    assert (~cytosines).any()
    assert report.counts["sites_dropped.other_context"] > 0


def test_bisulfite_reads_tell_the_same_sites(world):
    table, report = build(world, reads="bisulfite.bam")
    rows = windows(table, 21)
    assert set(rows[:, 10].tolist()) == {1}
    text = ["".join("ACGT"[code] for code in row[9:14]) for row in rows]
    at_motif = np.isin(text, ["CCAGG", "CCTGG"])
    np.testing.assert_array_equal(table["level_5mC"].to_numpy(), at_motif)
    assert {report.counts[name] > 0 for name in report.counts if name.startswith("reads.used")} == {True}


@pytest.mark.parametrize(
    ("reads", "given", "said"),
    [
        ("bisulfite.bam", {"source": "modified"}, r"carries the tag MM; wanted reads whose basecaller"),
        ("modified.bam", {"source": "bisulfite", "marks": ["5mC"]}, r"carries the tag XM; wanted alignments"),
        ("modified.bam", {"marks": ["5hmC"]}, r"tags MM list A a, C m; wanted 5hmC"),
    ],
)
def test_reads_without_the_tags_are_refused(world, reads, given, said):
    with pytest.raises(InputError, match=said):
        build(world, reads=reads, **given)
