"""Contig names: what maps, what is said, what is refused."""

import hashlib

import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.reads.contigs import changed_sequences, check_contigs, contig_map


def reference(folder, **contigs):
    path = folder / "reference.fa"
    path.write_text("".join(f">{name}\n{'ACGT' * size}\n" for name, size in contigs.items()))
    return Reference(path)


@pytest.mark.parametrize(
    ("rule", "names", "known", "renamed"),
    [
        (None, ["1"], ["chr1"], {}),
        ("chr", ["1", "2"], ["chr1", "chr2"], {"1": "chr1", "2": "chr2"}),
        ("chr", ["1", "chr2"], ["chr1", "chr2"], {"1": "chr1"}),
        ("chr", ["MT"], ["chrM"], {"MT": "chrM"}),
        ("chr", ["hs37d5"], ["chr1"], {}),
        ("nochr", ["chr1", "chrM"], ["1", "MT"], {"chr1": "1", "chrM": "MT"}),
        ("nochr", ["chr1"], ["1", "chr1"], {}),
    ],
)
def test_rules(tmp_path, rule, names, known, renamed):
    assert contig_map(rule, names, reference(tmp_path, **dict.fromkeys(known, 5))) == renamed


def test_table(tmp_path):
    table = tmp_path / "names.tsv"
    table.write_text("# delivered\tours\nNC_1\tchr1\n\nNC_9\tchr2\n")
    fasta = reference(tmp_path, chr1=5, chr2=5)
    assert contig_map(str(table), ["NC_1", "chr2"], fasta) == {"NC_1": "chr1"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("NC_1\n", "names.tsv, line 1: found 1 columns, wanted two"),
        ("NC_2\tchr2\nNC_1\tchr7\n", "line 2: found 'chr7' in the second column, wanted a contig of"),
        ("NC_1\tchr2\n", "contigs 'NC_1' and 'chr2' would both be called 'chr2'"),
    ],
)
def test_bad_tables(tmp_path, text, said):
    table = tmp_path / "names.tsv"
    table.write_text(text)
    with pytest.raises(InputError) as caught:
        contig_map(str(table), ["NC_1", "chr2"], reference(tmp_path, chr1=5, chr2=5))
    assert said in str(caught.value)


def test_unknown_rule(tmp_path):
    with pytest.raises(InputError, match="found 'ucsc', wanted chr, nochr or the path of a table"):
        contig_map("ucsc", ["1"], reference(tmp_path, chr1=5))


def test_equal_contigs(tmp_path):
    fasta = reference(tmp_path, chr1=5, chr2=6)
    assert check_contigs(tmp_path / "a.bam", {"chr2": 24, "chr1": 20}, fasta) == []


def test_contigs_of_one_side_are_told(tmp_path):
    fasta = reference(tmp_path, chr1=5, chr2=6)
    assert check_contigs(tmp_path / "a.bam", {"chr1": 20, "decoy": 9}, fasta) == [
        "'decoy' is not in the reference",
        "'chr2' of the reference is not in the file",
    ]


@pytest.mark.parametrize(
    ("contigs", "known", "said"),
    [
        ({"chr1": 21}, {"chr1": 5}, "contig 'chr1' has 21 bases, wanted 20"),
        (
            {"1": 20, "2": 24},
            {"chr1": 5, "chr2": 6},
            "found '1', '2', wanted 'chr1', 'chr2'; add --rename-contigs chr ",
        ),
        ({"chr1": 20}, {"1": 5}, "found 'chr1', wanted '1'; add --rename-contigs nochr "),
        (
            {"chr1": 20, "MT": 8},
            {"chr1": 5, "chrM": 2},
            "found 'MT', wanted 'chrM'; add --rename-contigs chr ",
        ),
        ({"NC_1": 20}, {"chr1": 5}, "shares no contig with"),
        ({"1": 24}, {"chr1": 5}, "shares no contig with"),
    ],
)
def test_refused(tmp_path, contigs, known, said):
    with pytest.raises(InputError) as caught:
        check_contigs(tmp_path / "a.bam", contigs, reference(tmp_path, **known))
    assert said in str(caught.value)
    assert "a.bam" in str(caught.value)


def test_changed_sequences(tmp_path):
    md5 = hashlib.md5(b"ACGT" * 5, usedforsecurity=False).hexdigest()
    fasta = reference(tmp_path, chr1=5, chr2=6)
    assert changed_sequences({"chr1": md5.upper(), "decoy": "0"}, fasta) == []
    assert changed_sequences({"chr1": md5, "chr2": md5}, fasta) == ["chr2"]
