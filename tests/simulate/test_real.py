import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.variants import Variant
from seqmill.simulate.real import read_truth, split_mates
from seqmill.simulate.truth import write_truth


def names(path):
    with pysam.FastxFile(str(path)) as reads:
        return [(read.name, read.sequence, read.quality) for read in reads]


def test_mates_are_paired_and_what_has_no_mate_is_counted(tmp_path):
    source = tmp_path / "mixed.fq"
    reads = [
        ("b/2", "AC"),
        ("a/1", "GG"),
        ("a/2", "TT"),
        ("c/1", "CC"),
        ("a/1", "AA"),
        ("b/1", "CA"),
        ("d", "A"),
    ]
    source.write_text("".join(f"@{name}\n{bases}\n+\n{'F' * len(bases)}\n" for name, bases in reads))
    first, second = tmp_path / "R1.gz", tmp_path / "R2.gz"
    assert split_mates(source, first, second) == (2, 3)
    assert names(first) == [("b", "CA", "FF"), ("a", "GG", "FF")]
    assert names(second) == [("b", "AC", "FF"), ("a", "TT", "FF")]


def test_reads_without_pairs_are_an_error(tmp_path):
    source = tmp_path / "single.fq"
    source.write_text("@a\nA\n+\nF\n")
    with pytest.raises(InputError, match=r"single\.fq: holds no pairs"):
        split_mates(source, tmp_path / "R1.gz", tmp_path / "R2.gz")
    assert [path.name for path in tmp_path.iterdir()] == ["single.fq"]


def test_truth_is_read_on_the_chosen_contigs_and_checked(reference, tmp_path):
    right = Variant("c1", 99, reference.fetch("c1", 99, 100), ("T",), (1, 1))
    wrong = Variant("c2", 99, "ACGTACGTACGT", ("A",), (1, 1))
    path = tmp_path / "truth.vcf.gz"
    write_truth(path, [right, wrong], sample="s", contigs=reference.contigs)
    (found,) = read_truth(path, ["c1"], reference)
    assert (found.start, found.genotype) == (99, (1, 1))
    with pytest.raises(InputError, match="REF of 1 of 2 variants differs"):
        read_truth(path, ["c1", "c2"], reference)
