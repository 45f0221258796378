"""Lists of sites in each of their formats, by hand."""

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.variants import Allele
from seqmill.profiles.sites import read_sites
from tests.profiles.genotyped import write_calls

WANTED = (Allele("c1", 1, "C", "T"), Allele("c1", 1, "C", "A"), Allele("c1", 11, "G", "GA"))
TEXTS = {
    "s.tsv": "id\tcontig\tposition\tref\talt\nx\tc1\t2\tc\tt,A\ny\tc1\t12\tG\tGA\n",
    "s.csv": "#contig,position,ref,alt\nc1,2,C,T\nc1,2,C,A\nc1,12,G,GA\n",
    "s.bed": "track name=x\nc1\t1\t2\tC\tT,A\nc1\t11\t12\tG\tGA\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_tables_and_bed(tmp_path, name):
    (tmp_path / name).write_text(TEXTS[name])
    found = read_sites(str(tmp_path / name))
    assert (found.alleles, found.dropped) == (WANTED, {"symbolic": 0})
    assert found.names == ("c1:2:C:T", "c1:2:C:A", "c1:12:G:GA")


@pytest.mark.parametrize("samples", [[], ["a"], ["a", "b"]])
def test_vcf_of_none_one_and_two_samples(tmp_path, samples):
    calls = " ".join(["GT", *["0/1"] * len(samples)]) if samples else ""
    rows = [f"c1 2 . C T,A . . . {calls}", f"c1 12 . G GA,<DEL> . . . {calls}"]
    found = read_sites(str(write_calls(tmp_path / "s.vcf", samples, rows)))
    assert (found.alleles, found.dropped) == (WANTED, {"symbolic": 1})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("contig\tposition\tref\nc1\t2\tC\n", "no column 'alt'"),
        ("contig\tposition\tref\talt\nc1\t2\tC\tT\nc1\t2\tC\tT\n", "c1:2:C:T stands in 2 lines"),
        ("contig\tposition\tref\talt\nc1\t2\tC\t<DEL>\n", "holds no site"),
        ("contig\tposition\tref\talt\nc1\t0\tC\tT\nc1\tx\tC\tT\nc1\t2\n", "3 problems"),
    ],
)
def test_lists_of_no_use_are_told(tmp_path, text, words):
    (tmp_path / "s.tsv").write_text(text)
    with pytest.raises((InputError, ConfigErrors), match=words):
        read_sites(str(tmp_path / "s.tsv"))
