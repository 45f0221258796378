"""Tiles of a planted genome: codes, counts, masks and reports."""

import itertools
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from seqmill.applications.accessibility.examples import examples, relative_coverage
from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.shards.bases import unpack_bases
from seqmill.shards.schema import arrow_schema
from tests.applications.accessibility import planted
from tests.applications.accessibility.conftest import SMALL


def build(world, *intervals, **facts):
    job = ExamplesJob(
        sample="ada",
        alignments=world.reads,
        reference=world.reference,
        intervals=intervals or (Interval("c2", 0, planted.CONTIGS["c2"]),),
        splits=Splits(planted.SPLITS),
        options=facts.pop("options", Options(**SMALL)),
        **facts,
    )
    report = LabelReport()
    schema = arrow_schema(encoding(job.options))
    return pa.Table.from_batches(examples(job, report), schema), report


def payload(table, name, width):
    return np.frombuffer(b"".join(table[name].to_pylist()), np.uint8).reshape(-1, width)


def expected_counts(world, contig, options):
    """Count cut sites from the text of the fragments."""
    found = np.zeros(planted.CONTIGS[contig], int)
    for line in (world.folder / "fragments.bed").read_text().splitlines():
        name, start, end = line.split("\t")
        for at in (int(start) + 4, int(end) - 5):
            if name == contig:
                found[at] += 1
    return found


def test_tiles_hold_the_bases_and_the_ends_of_their_place(world):
    options = Options(**SMALL)
    table, report = build(world)
    assert table["start"].to_pylist() == list(range(0, 9000, 1000))
    assert set(table["split"].to_pylist()) == {"validation"}
    ends, counted = payload(table, "ends", options.width), expected_counts(world, "c2", options)
    flank = options.flank
    np.testing.assert_array_equal(ends[3], counted[3000 - flank : 4000 + flank])
    np.testing.assert_array_equal(ends[0][:flank], 255)
    np.testing.assert_array_equal(ends[8][-flank:], 255)
    with Reference(world.reference) as reference:
        expected = reference.codes("c2", 3000 - flank, 4000 + flank)
        packed = np.frombuffer(table["sequence"][3].as_py(), np.uint8)
        codes = np.empty(options.width, np.uint8)
        unpack_bases(packed, codes)
        np.testing.assert_array_equal(codes, expected)
    assert report.counts["ends_counted"] == counted.sum()
    assert report.classes == {"validation": {"tiles": 9}}


def test_examples_do_not_depend_on_how_jobs_are_cut(world):
    whole, counted = build(world, Interval("c1", 0, 24_000))
    cuts = (0, 700, 9_999, 10_000, 24_000)
    pieces = [build(world, Interval("c1", first, last)) for first, last in itertools.pairwise(cuts)]
    assert pa.concat_tables([table for table, _ in pieces]).equals(whole)
    summed: Counter[str] = Counter()
    for _, report in pieces:
        summed.update(report.counts)
    assert summed == Counter(counted.counts)


def test_what_is_masked_has_no_count_and_is_told(world, tmp_path):
    mask = tmp_path / "mask.bed"
    mask.write_text("c2\t1000\t2000\nc2\t5100\t5200\n")
    options = Options(**SMALL)
    table, report = build(world, files={"mask": mask})
    assert 1000 not in table["start"].to_pylist()
    ends = payload(table, "ends", options.width)
    row = table["start"].to_pylist().index(5000)
    hidden = np.flatnonzero(ends[row] == 255) - options.flank
    assert (hidden.min(), hidden.max(), len(hidden)) == (100, 199, 100)
    counted = expected_counts(world, "c2", options)
    inside = counted[1000:2000].sum() + counted[5100:5200].sum()
    assert report.counts["tiles_dropped.without_count"] == 1
    assert report.counts["ends_dropped.masked"] == inside
    assert report.counts["ends_counted"] == counted.sum() - inside


def test_a_mask_of_other_contig_names_is_refused(world, tmp_path):
    (tmp_path / "mask.bed").write_text("chrc2\t1\t2\n")
    with pytest.raises(InputError, match=r"mask\.bed: shares no contig|named otherwise"):
        build(world, files={"mask": tmp_path / "mask.bed"})


def test_coverage_is_relative_to_the_typical_contig(world):
    depths, lengths = {"a": 10.0, "b": 4.0, "c": 4.4, "m": 900.0}, {"a": 5, "b": 10, "c": 10, "m": 1, "d": 3}
    assert relative_coverage("a", depths, lengths) == pytest.approx(10 / 4.4)
    assert relative_coverage("d", depths, lengths) == 1.0
    assert relative_coverage("a", {}, lengths) == 1.0
    table, _ = build(world, contig_depth={"c1": 2.0, "c2": 3.0})
    assert set(table["coverage"].to_pylist()) == {1.5}
    table, _ = build(
        world, contig_depth={"c1": 2.0, "c2": 3.0}, options=Options(**SMALL, contig_coverage=False)
    )
    assert set(table["coverage"].to_pylist()) == {1.0}


def test_an_example_tells_the_track_that_its_condition_names(world):
    options = Options(**SMALL, tracks=("leaf", "root"))
    table, report = build(world, options=options, condition="root")
    assert set(table["track"].to_pylist()) == {1}
    assert report.classes == {"validation": {"root": 9}}
    plain, _ = build(world)
    assert table.drop_columns(["track"]).equals(plain)


def test_a_sample_of_no_track_is_refused(world):
    options = Options(**SMALL, tracks=("leaf", "root"))
    with pytest.raises(
        InputError, match=r"sample 'ada': condition 'roof' is none of options.tracks \(did you mean"
    ):
        build(world, options=options, condition="roof")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"span": 1000, "stride": 300}, "options.span, window, stride: found 1000"),
        ({"flank": 100}, "options.flank: found 100, want at least window - stride = 150"),
        ({"min_fragment": 50, "max_fragment": 40}, "options.min_fragment: found 50"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, said):
    with pytest.raises(InputError, match=said):
        Options(**options)
