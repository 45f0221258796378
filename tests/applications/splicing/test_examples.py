"""Examples from RNA reads: every planted intron comes back, on its strand, at its bases."""

from dataclasses import replace

import numpy as np
import pytest

from seqmill.applications.application import LabelReport
from seqmill.applications.splicing.examples import examples
from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, MASKED, NONE
from seqmill.applications.splicing.spec import Options, encoding
from seqmill.errors import InputError
from seqmill.genome.annotation import splice_sites
from seqmill.genome.bases import sequence_of
from seqmill.genome.intervals import Interval
from seqmill.shards.decode import RowBlock, empty_batch
from tests.applications.splicing import planted
from tests.applications.splicing.conftest import SMALL, job_of

FLANK = 40


def decoded(job, report=None):
    """Give contig, start and the arrays of each example."""
    import pyarrow as pa

    columns = tuple(column for column in encoding(job.options).all_columns if column.kind != "string")
    batches = list(examples(job, report or LabelReport()))
    table = pa.Table.from_batches(batches)
    block = RowBlock(columns, table.num_rows)
    block.add(table)
    arrays = empty_batch(columns, table.num_rows)
    block.fill(arrays, 0, np.arange(table.num_rows))
    return arrays | {"contig": np.array(table["contig"].to_pylist())}


def sites_of(arrays, span):
    """Give the labelled sites as (contig, position, strand, code)."""
    found = set()
    for row, at in zip(*np.nonzero(np.isin(arrays["sites"], [DONOR, ACCEPTOR])), strict=True):
        forward = arrays["strand"][row] > 0
        position = int(arrays["start"][row]) + (int(at) if forward else span - 1 - int(at))
        code = int(arrays["sites"][row, at])
        found.add((str(arrays["contig"][row]), position, "+" if forward else "-", code))
    return found


def planted_sites(world):
    code = {"donor": DONOR, "acceptor": ACCEPTOR}
    sites = splice_sites(world.genome.annotation.introns)
    return {(site.contig, site.position, site.strand, code[site.kind]) for site in sites}


@pytest.fixture(scope="module")
def arrays(world):
    return decoded(job_of(world))


def test_labels_from_reads_are_planted_sites_and_nearly_all_of_them(world, arrays):
    found, wanted = sites_of(arrays, SMALL["span"]), planted_sites(world)
    assert found <= wanted
    assert len(found) > 0.9 * len(wanted)


def test_labelled_bases_stand_on_gt_and_ag_of_their_strand(arrays):
    for row, at in zip(*np.nonzero(arrays["sites"] == DONOR), strict=True):
        assert sequence_of(arrays["sequence"][row, FLANK + at : FLANK + at + 2]) == "GT"
    for row, at in zip(*np.nonzero(arrays["sites"] == ACCEPTOR), strict=True):
        assert sequence_of(arrays["sequence"][row, FLANK + at - 1 : FLANK + at + 1]) == "AG"
    assert set(arrays["strand"].tolist()) == {1, -1}


def test_without_an_annotation_genes_are_introns_and_some_bases_beside_them(world, arrays):
    introns = world.genome.annotation.introns
    for row in range(0, len(arrays["start"]), 7):
        contig, strand = arrays["contig"][row], "+" if arrays["strand"][row] > 0 else "-"
        sites = arrays["sites"][row][:: 1 if strand == "+" else -1]
        for at in np.flatnonzero(sites != MASKED).tolist():
            position = int(arrays["start"][row]) + at
            assert any(
                one.start - 100 <= position < one.end + 100
                for one in introns
                if (one.contig, one.strand) == (contig, strand)
            )


def test_however_jobs_are_cut_the_examples_are_the_same(world, arrays):
    cut = []
    for name, length in planted.CONTIGS.items():
        cut += [Interval(name, at, min(at + 13_337, length)) for at in range(0, length, 13_337)]
    job = job_of(world)
    pieces = [decoded(replace(job, intervals=(interval,))) for interval in cut]
    ids = np.concatenate([piece["example_id"] for piece in pieces])
    assert sorted(ids.tolist()) == sorted(arrays["example_id"].tolist())
    assert len(set(ids.tolist())) == len(ids)
    by_id = dict(zip(arrays["example_id"].tolist(), arrays["sites"], strict=True))
    for piece in pieces:
        for key, sites in zip(piece["example_id"].tolist(), piece["sites"], strict=True):
            np.testing.assert_array_equal(sites, by_id[key])


def test_sites_that_reads_and_annotation_do_not_agree_on_have_no_label(world):
    options = Options(**SMALL, min_unique=20)
    report = LabelReport()
    files = {"annotation": world.annotation}
    seen = decoded(job_of(world, options=options, files=files), report)
    found, wanted = sites_of(seen, SMALL["span"]), planted_sites(world)
    assert found < wanted
    assert report.counts["junctions_dropped.few_fragments"] > 0
    assert report.counts["introns_annotated"] == len(world.genome.annotation.introns)
    missing = wanted - found
    labels = {}
    for row in range(len(seen["start"])):
        strand = "+" if seen["strand"][row] > 0 else "-"
        sites = seen["sites"][row][:: 1 if strand == "+" else -1]
        for at, code in enumerate(sites.tolist()):
            labels[str(seen["contig"][row]), int(seen["start"][row]) + at, strand] = code
    assert {labels[site[:3]] for site in missing} == {MASKED}
    annotated = decoded(job_of(world, options=replace(options, evidence="annotation"), files=files))
    assert sites_of(annotated, SMALL["span"]) == wanted
    either = decoded(job_of(world, options=replace(options, evidence="either"), files=files))
    assert sites_of(either, SMALL["span"]) == wanted


def test_what_is_counted_adds_up(world):
    report = LabelReport()
    arrays = decoded(job_of(world), report)
    held = {code: int((arrays["sites"] == code).sum()) for code in (NONE, DONOR, ACCEPTOR)}
    for code, name in enumerate(("none", "donor", "acceptor")):
        assert sum(classes[name] for classes in report.classes.values()) == held[code]
    assert set(report.classes) == {"train", "validation", "test"}
    assert report.counts["bases_masked"] == int((arrays["sites"] == MASKED).sum())
    assert (
        held[DONOR]
        == held[ACCEPTOR]
        == report.counts["junctions"]
        == len(sites_of(arrays, SMALL["span"])) // 2
    )


def test_an_annotation_that_is_wanted_and_not_given_is_told(world):
    job = job_of(world, options=Options(**SMALL, evidence="annotation"))
    with pytest.raises(InputError, match=r"options.evidence: found 'annotation' without an annotation"):
        next(examples(job, LabelReport()))
