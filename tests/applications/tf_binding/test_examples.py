"""Examples of a planted genome: kinds, labels, counts; however the genome is cut into jobs."""

import numpy as np
import pyarrow as pa
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.tf_binding.examples import examples
from seqmill.applications.tf_binding.spec import BOUND, UNBOUND, UNKNOWN, Options, encoding
from seqmill.errors import InputError
from seqmill.genome.bases import codes_of, reverse_complement
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from seqmill.shards.bases import unpack_bases
from seqmill.shards.schema import arrow_schema
from tests.applications.tf_binding import planted
from tests.applications.tf_binding.conftest import SMALL

WHOLE = (Interval("c2", 0, planted.CONTIGS["c2"]),)


def build(world, intervals=WHOLE, **facts):
    given = {"alignments": world.peaks, "options": Options(**SMALL), "splits": Splits(planted.SPLITS)} | facts
    job = ExamplesJob(sample="ada", reference=world.reference, intervals=intervals, **given)
    report = LabelReport()
    return pa.Table.from_batches(examples(job, report), arrow_schema(encoding(job.options))), report


def payload(table, name):
    return np.stack([np.frombuffer(row, np.uint8) for row in table[name].to_pylist()])


def sequences(table, size):
    codes = np.zeros((table.num_rows, size), np.uint8)
    for packed, row in zip(payload(table, "sequence"), codes, strict=True):
        unpack_bases(packed, row)
    return codes


def holds(codes, word):
    views = np.lib.stride_tricks.sliding_window_view(codes, len(word), axis=1)
    return np.any(
        [(views == one).all(axis=2).any(axis=1) for one in (word, reverse_complement(word))], axis=0
    )


def test_peaks_hold_the_motif_of_their_factor_and_shuffles_none(world):
    table, report = build(world)
    kind, bound = np.array(table["kind"].to_pylist()), payload(table, "bound")
    codes = sequences(table, planted.WIDTH)
    peaks = planted.CONTIGS["c2"] // planted.EVERY
    assert report.counts["peaks"] == peaks
    assert (
        dict(zip(*np.unique(kind, return_counts=True), strict=True))["peak"]
        == (kind == "shuffled").sum()
        == peaks
    )
    for factor, word in enumerate(planted.MOTIFS.values()):
        there = holds(codes, codes_of(word))
        np.testing.assert_array_equal(there[kind == "peak"], bound[kind == "peak", factor] == BOUND)
        assert not there[kind != "peak"].any()
    assert (bound[kind != "peak"] == UNBOUND).all()
    assert report.classes["validation"] == {
        "peak": peaks,
        "shuffled": peaks,
        "gc_matched": int((kind == "gc_matched").sum()),
        "bound.AAA1": peaks // 2,
        "bound.BBB2": peaks // 2,
    }
    assert report.counts["gc_matched_missing"] == peaks - (kind == "gc_matched").sum()


def test_windows_hold_the_bases_of_their_place(world):
    table, _ = build(world)
    codes = sequences(table, planted.WIDTH)
    with Reference(world.reference) as reference:
        for row in np.flatnonzero(np.array(table["kind"].to_pylist()) != "shuffled")[:20].tolist():
            start, end = table["start"][row].as_py(), table["end"][row].as_py()
            np.testing.assert_array_equal(codes[row], reference.codes("c2", start, end))


@pytest.mark.parametrize("cut", [7_013, 10_000])
def test_jobs_may_cut_a_contig_anywhere(world, cut):
    whole, report = build(world)
    parts = [build(world, (part,)) for part in (Interval("c2", 0, cut), Interval("c2", cut, 20_000))]
    joined = pa.concat_tables(table for table, _ in parts).sort_by("example_id")
    assert joined.equals(whole.sort_by("example_id"))
    assert len(set(whole["example_id"].to_pylist())) == whole.num_rows
    summed = {name: sum(found.counts[name] for _, found in parts) for name in report.counts}
    assert summed == report.counts


def test_more_shuffles_of_a_peak_differ(world):
    table, _ = build(world, options=Options(**SMALL, shuffled=2, gc_matched=0))
    kind, codes = np.array(table["kind"].to_pylist()), sequences(table, planted.WIDTH)
    assert set(kind) == {"peak", "shuffled"}
    first, second = np.split(codes[kind == "shuffled"], 2)
    assert (first != second).any(axis=1).all()


def test_no_example_lies_under_the_mask(world, tmp_path):
    (tmp_path / "mask.bed").write_text("c2\t5000\t9000\n")
    table, report = build(world, files={"mask": tmp_path / "mask.bed"})
    start, end = (np.array(table[name].to_pylist()) for name in ("start", "end"))
    assert not ((start < 9000) & (end > 5000)).any()
    assert report.counts["peaks_dropped.masked"] > 5
    (tmp_path / "mask.bed").write_text("chrc2\t1\t2\n")
    with pytest.raises(InputError, match=r"mask\.bed"):
        build(world, files={"mask": tmp_path / "mask.bed"})


def test_a_sample_of_one_factor_says_nothing_of_the_other(world, tmp_path):
    text = (world.folder / "peaks.bed").read_text().splitlines()
    (tmp_path / "one.bed").write_text("\n".join(line for line in text if not line.endswith("BBB2")) + "\n")
    with Reference(world.reference) as reference:
        stage_regions(tmp_path / "one.bed", reference, tmp_path / "one.bed.gz")
    table, report = build(world, alignments=tmp_path / "one.bed.gz")
    assert (payload(table, "bound")[:, 1] == UNKNOWN).all()
    assert report.classes["validation"]["bound.BBB2"] == 0


def test_peaks_of_other_factors_are_counted(world):
    _, report = build(world, options=Options(factors=("AAA1",), window=planted.WIDTH))
    half = planted.CONTIGS["c2"] // planted.EVERY // 2
    assert report.counts["peaks_dropped.other_factor"] == half
    assert report.classes["validation"]["bound.AAA1"] == half
