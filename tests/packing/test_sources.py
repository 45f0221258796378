"""FASTA files and tables, by hand."""

import gzip

import pytest

from seqmill.errors import InputError
from seqmill.packing.plan import ContigRule, Source
from seqmill.packing.sources import OTHER_LETTERS, REPEATED, Row, read_source


def source(path, **given) -> Source:
    return Source(sample="s", path=str(path), contigs=ContigRule(folds=2), **given)


def test_fasta(tmp_path):
    path = tmp_path / "a.fa.gz"
    with gzip.open(path, "wt") as handle:
        handle.write(">one first\nacg\nTN\n>two\nACGTN\n>three\nACGR\n>four\n\n>five\nGG\n")
    found = read_source(source(path, values={"class": "donor", "weight": 2}))
    cells = {"class": "donor", "weight": "2"}
    assert found.kept == [Row("one", "ACGTN", cells), Row("five", "GG", cells)]
    assert found.dropped == {REPEATED: 1, OTHER_LETTERS: 2}


def test_table(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("gene\tsequence\tenrichment\nA1\tACGT\t0.5\nA2\tacga\t-1\n")
    found = read_source(source(path, name="gene", columns={"level": "enrichment"}, values={"kind": "leaf"}))
    assert found.kept == [
        Row("A1", "ACGT", {"level": "0.5", "kind": "leaf"}),
        Row("A2", "ACGA", {"level": "-1", "kind": "leaf"}),
    ]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.fa", "ACGT\n", "line 1 is 'ACGT', wanted a FASTA header"),
        ("a.fa", ">x\nRYR\n", "found 1 sequences and none of ACGTN alone"),
        (
            "a.tsv",
            "name\tsequenze\nx\tA\n",
            r"no column 'sequence' \(did you mean 'sequenze'\?\) for sequence",
        ),
        ("a.tsv", "name\tsequence\nx\tA\tmore\n", "line 2 has 3 columns separated by tabs, wanted 2"),
        ("a.tsv", "name\tsequence\n", "found 0 sequences"),
    ],
)
def test_mistakes(tmp_path, name, text, said):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=said):
        read_source(source(tmp_path / name))
