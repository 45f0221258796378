"""Consequences as VEP and SnpEff write them: which allele an entry is of, and what must be declared."""

import pytest

from seqmill.errors import InputError
from seqmill.profiles.records import opened
from seqmill.profiles.terms import Terms
from tests.profiles.genotyped import write_calls


def told(tmp_path, row, field="CSQ", layout=None):
    path = write_calls(tmp_path / "v.vcf", ["a"], [row])
    if layout:
        path.write_text(path.read_text().replace("Allele|Consequence|SYMBOL|Gene", layout))
    with opened(str(path)) as handle:
        return Terms(handle.header, field, path="v.vcf").of(next(handle))


@pytest.mark.parametrize(
    ("ref", "alts", "names"),
    [
        ("G", "A,T", ("A", "T")),
        ("GA", "G,GAA", ("-", "AA")),
        ("G", "GT,GTT", ("T", "TT")),
        ("GA", "CA,G", ("CA", "G")),
    ],
)
def test_alleles_are_named_as_vep_names_them(tmp_path, ref, alts, names):
    first, second = names
    csq = f"CSQ={first}|missense_variant|S|g,{second}|stop_gained|S|g"
    assert told(tmp_path, f"c1 9 . {ref} {alts} . . {csq} GT 0/1") == [
        {"g": "missense"},
        {"g": "stop_gained"},
    ]


def test_a_number_of_the_allele_goes_before_its_name(tmp_path):
    csq = "CSQ=odd|missense_variant|2|g,odd|synonymous_variant|1|g"
    found = told(tmp_path, f"c1 9 . G A,T . . {csq} GT 0/1", layout="Allele|Consequence|ALLELE_NUM|Gene")
    assert found == [{"g": "synonymous"}, {"g": "missense"}]


def test_snpeff_and_records_without_entries(tmp_path):
    ann = "ANN=GT|frameshift_variant&splice_region_variant|HIGH|S|g|x,GT|intron_variant|LOW|S|h|x"
    assert told(tmp_path, f"c1 9 . G GT . . {ann} GT 0/1", field="ANN") == [{"g": "frameshift"}]
    assert told(tmp_path, "c1 9 . G GT . . . GT 0/1", field="ANN") == [{}]


def test_a_field_that_is_not_declared_is_told(tmp_path):
    with pytest.raises(InputError, match="declares no INFO/BCSQ"):
        told(tmp_path, "c1 9 . G A . . . GT 0/1", field="BCSQ")
    with pytest.raises(InputError, match="has no 'Gene' in its format"):
        told(tmp_path, "c1 9 . G A . . . GT 0/1", layout="Allele|Consequence|Feature")
