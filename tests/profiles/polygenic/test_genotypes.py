"""Copies of alleles out of a VCF and out of a table."""

import pytest

from seqmill.errors import InputError
from seqmill.profiles.polygenic.genotypes import open_genotypes
from tests.profiles.polygenic import small


def test_records_at_wanted_places_and_their_copies(tmp_path):
    genotypes = open_genotypes(small.write(tmp_path)[1], "person")
    assert genotypes.ids == ["x", "y", "z"]
    wanted = {("1", 299), ("1", 199)}
    records = list(genotypes.records(wanted))
    assert [one.alleles for one in records] == [("A", "G"), ("C", "G", "T")]
    copies = dict(genotypes.copies({one.number for one in records}))
    assert copies[records[0].number].tolist() == [[2, 0], [1, 1], [-1, -1]]
    assert copies[records[1].number].tolist() == [[0, 1, 1], [0, 0, 2], [1, 1, 0]]


def test_a_record_that_failed_a_filter_counts_and_half_a_call_does_not(tmp_path):
    calls = small.CALLS.replace("A\tC\t.\t.\t.\tGT\t0/1", "A\tC\t.\tlow\t.\tGT\t./1")
    (held,) = dict(open_genotypes(small.write(tmp_path, calls=calls)[1], "person").copies({0})).values()
    assert held.tolist() == [[-1, -1], [0, 2], [2, 0]]


def test_a_file_that_is_cut_short_is_told_whenever_it_is_read(tmp_path):
    path = tmp_path / "calls.vcf"
    path.write_text(small.CALLS + "chr2\t70\n")
    genotypes = open_genotypes(str(path), "person")
    with pytest.raises(InputError, match=r"calls\.vcf: cannot be read as VCF"):
        list(genotypes.records({("2", 59)}))


def test_a_table_of_dosages_counts_the_alternative_allele(tmp_path):
    path = tmp_path / "dosage.tsv"
    path.write_text("person\tchr1:100:A:C\tage\nx\t2\t50\ny\t-1\t60\nz\t\t70\n")
    genotypes = open_genotypes(str(path), "person")
    (record,) = genotypes.records({("1", 99)})
    assert record.alleles == ("A", "C")
    assert dict(genotypes.copies({record.number}))[record.number].tolist() == [[0, 2], [-1, -1], [-1, -1]]


def test_a_dosage_that_is_none_is_named(tmp_path):
    path = tmp_path / "dosage.tsv"
    path.write_text("person\t1:100:A:C\nx\t3\n")
    genotypes = open_genotypes(str(path), "person")
    with pytest.raises(InputError, match="row 1: found 3"):
        list(genotypes.copies({1}))


@pytest.mark.parametrize(("name", "text"), [("a.vcf", "no VCF\n"), ("a.tsv", "person\tage\nx\t1\n")])
def test_other_files_are_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=name):
        open_genotypes(str(tmp_path / name), "person")
