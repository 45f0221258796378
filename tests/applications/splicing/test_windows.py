"""Tables of labelled windows: which base is labelled, on which strand, and what a table may not hold."""

import numpy as np
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.splicing.examples import examples
from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, MASKED, NONE
from seqmill.applications.splicing.spec import Options
from seqmill.errors import InputError
from seqmill.genome.bases import sequence_of
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.reads.region_file import stage_regions
from seqmill.shards.bases import packed_bytes, unpack_bases

CONTIG = (
    "TTTTTTTTTTCCAGGTAAGTCCTTTTTTTTTTTTACTTACCTGGTTTTTT"  # a donor at 14, one of the reverse strand at 39
)
HEAD = "#contig\tstart\tend\tname\tscore\tstrand\tclass\tsite\n"


def made(folder, rows, options, head=HEAD):
    """Stage a table and give what its examples hold: sequence, labels and start of each."""
    (folder / "g.fa").write_text(f">c\n{CONTIG}\n")
    (folder / "in.bed").write_text(head + "".join("\t".join(map(str, row)) + "\n" for row in rows))
    with Reference(folder / "g.fa") as reference:
        stage_regions(folder / "in.bed", reference, folder / "in.bed.gz")
    job = ExamplesJob(
        sample="s",
        alignments=folder / "in.bed.gz",
        reference=folder / "g.fa",
        intervals=(Interval("c", 0, len(CONTIG)),),
        splits=None,
        options=options,
    )
    found = []
    for batch in examples(job, LabelReport()):
        for row in batch.to_pylist():
            codes = np.zeros(options.width, np.uint8)
            packed = np.frombuffer(row["sequence"], np.uint8)
            assert len(packed) == packed_bytes(options.width)
            unpack_bases(packed, codes)
            sites = np.frombuffer(row["sites"], np.uint8).tolist()
            found.append((sequence_of(codes), sites, row["start"]))
    return found


def test_one_base_of_a_window_is_labelled_on_either_strand(tmp_path):
    rows = [("c", 10, 22, "w1", 0, "+", "donor", 4), ("c", 34, 44, "w2", 0, "-", "donor", 4)]
    rows.append(("c", 12, 20, "w3", 0, ".", "none", 0))
    found = made(tmp_path, rows, Options(span=1, context=10))
    assert found == [
        (CONTIG[9:20], [DONOR], 14),
        (CONTIG[7:18], [NONE], 12),
        ("ACCAGGTAAGT", [DONOR], 39),
    ]


def test_the_labelled_base_is_in_the_middle_of_a_longer_span(tmp_path):
    rows = [("c", 10, 22, "w1", 0, "+", "acceptor", 4), ("c", 34, 44, "w2", 0, "-", "acceptor", 4)]
    found = made(tmp_path, rows, Options(span=4, context=2))
    assert [sites for _, sites, _ in found] == [[MASKED, MASKED, ACCEPTOR, MASKED]] * 2
    for sequence, sites, _ in found:
        assert sequence[1 + sites.index(ACCEPTOR)] == "G"
        assert sequence[2 + sites.index(ACCEPTOR)] == "T"


def test_bases_beyond_the_contig_are_unknown(tmp_path):
    found = made(tmp_path, [("c", 0, 8, "w", 0, "+", "none", 1)], Options(span=1, context=8))
    assert found == [("NNNTTTTTT", [NONE], 1)]


@pytest.mark.parametrize(
    ("row", "head", "message"),
    [
        (
            ("c", 1, 9, "w", 0, "+", "exon", 1),
            HEAD,
            "class of c:1-9 is 'exon', wanted one of none, donor, acceptor",
        ),
        (("c", 1, 9, "w", 0, "+", "donor", 8), HEAD, "site of c:1-9 is '8', wanted a whole number"),
        (("c", 1, 9, "w", 0, "+", "donor", "x"), HEAD, "site of c:1-9 is 'x'"),
        (
            ("c", 1, 9, "w", 0, "+", "donor", 1),
            HEAD.replace("class", "kind"),
            "no column 'class'; found contig",
        ),
    ],
)
def test_a_table_that_cannot_be_used_is_told(tmp_path, row, head, message):
    with pytest.raises(InputError, match=message):
        made(tmp_path, [row], Options(span=1, context=10), head)
