"""Examples hold the DNA of their promoter as it is transcribed."""

import itertools

import numpy as np
import pyarrow as pa
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.expression.examples import examples
from seqmill.applications.expression.spec import Options, encoding
from seqmill.errors import InputError
from seqmill.genome.bases import sequence_of
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.reads.region_file import stage_regions
from seqmill.shards.bases import unpack_bases
from seqmill.shards.schema import arrow_schema
from tests.applications.expression import planted
from tests.applications.expression.conftest import SMALL

TURNED = str.maketrans("ACGT", "TGCA")


def build(world, alignments, *intervals, files=None, **options):
    job = ExamplesJob(
        sample="leaf",
        alignments=alignments,
        reference=world.reference,
        intervals=intervals or tuple(Interval(name, 0, length) for name, length in world.lengths.items()),
        splits=Splits(planted.SPLITS),
        files=files or {},
        options=Options(**options),
    )
    report = LabelReport()
    schema = arrow_schema(encoding(job.options))
    return pa.Table.from_batches(examples(job, report), schema).to_pandas(), report


def sequences(table, width):
    found = []
    for packed in table["sequence"]:
        codes = np.empty(width, np.uint8)
        unpack_bases(np.frombuffer(packed, np.uint8), codes)
        found.append(sequence_of(codes))
    return found


def test_regions_are_read_on_their_strand(world):
    table, report = build(world, world.regions, **SMALL)
    assert len(table) == sum(planted.ROWS.values())
    assert report.classes == {
        "train": {"promoters": 400},
        "validation": {"promoters": 120},
        "test": {"promoters": 160},
    }
    read = sequences(table, planted.WIDTH)
    with Reference(world.reference) as reference:
        for row, found in zip(table.itertuples(), read, strict=True):
            bases = reference.fetch(row.contig, row.start, row.end)
            assert found == (bases if row.strand == 1 else bases.translate(TURNED)[::-1])
    level = table["level"].to_numpy()
    carries = np.array([planted.MOTIF in sequence for sequence in read])
    assert level[carries].mean() > level[~carries].mean() + 1.5


def test_the_window_of_a_gene_lies_about_its_start(world):
    given = {"annotation": world.genes}
    table, report = build(world, world.reads, files=given, upstream=30, downstream=10)
    assert table[["name", "start", "end", "strand"]].values.tolist() == [
        ["plus", 70, 110, 1],
        ["minus", 590, 630, -1],
        ["short", 470, 510, 1],
    ]
    assert report.counts["examples_dropped.past_end"] == 1  # edge begins four bases from its contig's end
    with Reference(world.reference) as reference:
        bases = reference.fetch("c1", 590, 630)
    assert sequences(table, 40)[1] == bases.translate(TURNED)[::-1]


def test_examples_do_not_depend_on_how_jobs_are_cut(world):
    whole, counted = build(world, world.regions, Interval("c1", 0, world.lengths["c1"]), **SMALL)
    cuts = (0, 15, 9_999, 10_010, world.lengths["c1"])
    pieces = [build(world, world.regions, Interval("c1", *cut), **SMALL) for cut in itertools.pairwise(cuts)]
    rows = [row for table, _ in pieces for row in table["example_id"]]
    assert rows == whole["example_id"].tolist()
    assert sum(report.counts["regions"] for _, report in pieces) == counted.counts["regions"]


def test_unknown_bases_are_counted_and_only_a_tenth_of_them_kept(world, tmp_path):
    (tmp_path / "g.fa").write_text(
        ">c1\n" + "ACGT" * 10 + "N" * 4 + "ACGT" * 9 + "N" * 5 + "ACGT" * 10 + "\n"
    )
    (tmp_path / "r.bed").write_text("#c\ts\te\tlevel\nc1\t10\t50\t1\nc1\t75\t115\t1\n")
    with Reference(tmp_path / "g.fa") as reference:
        stage_regions(tmp_path / "r.bed", reference, tmp_path / "r.bed.gz")
    job = ExamplesJob(
        sample="leaf",
        alignments=tmp_path / "r.bed.gz",
        reference=tmp_path / "g.fa",
        intervals=(Interval("c1", 0, 125),),
        splits=None,
        options=Options(upstream=40, downstream=0),
    )
    report = LabelReport()
    (batch,) = examples(job, report)
    assert batch["start"].to_pylist() == [10]
    assert batch["split"].to_pylist() == ["predict"]
    assert report.counts["examples_dropped.unknown_bases"] == 1


def test_an_empty_window_is_refused():
    with pytest.raises(InputError, match="found 0 and 0"):
        Options(upstream=0, downstream=0)
