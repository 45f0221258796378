"""Who is in which file; mistakes name the person."""

import pytest

from seqmill.errors import InputError
from seqmill.profiles.people import find_people
from seqmill.profiles.plan import BlockPlan
from tests.profiles.genotyped import write_calls

ROW = "c1 2 . C T . . . GT"


@pytest.fixture
def files(tmp_path):
    write_calls(tmp_path / "one.vcf", ["lab"], [f"{ROW} 0/1"])
    write_calls(tmp_path / "two.vcf", ["p2", "p3"], [f"{ROW} 0/1 1/1"])
    return tmp_path


def found(files, text):
    (files / "sheet.tsv").write_text("person\tcalls\n" + text.replace("DIR", str(files)))
    return find_people(BlockPlan(path=str(files / "sheet.tsv")), "person", "calls")


def test_samples_of_one_file(files):
    people = find_people(BlockPlan(path=str(files / "two.vcf")), "person", "")
    assert (people.ids, people.files) == (["p2", "p3"], {str(files / "two.vcf"): {0: 0, 1: 1}})


def test_a_file_each_and_a_sample_of_a_file(files):
    people = found(files, "p1\tDIR/one.vcf\np3\tDIR/two.vcf\np2\tDIR/two.vcf\n")
    assert people.ids == ["p1", "p3", "p2"]
    assert people.files == {str(files / "one.vcf"): {0: 0}, str(files / "two.vcf"): {1: 1, 0: 2}}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p1\tDIR/one.vcf\np1\tDIR/two.vcf\n", "'p1' stands in 2 rows of 'person'"),
        ("p1\tDIR/one.vcf\np4\tDIR/one.vcf\n", "'p1' and 'p4' are one sample"),
        ("p1\t\np2\tDIR/two.vcf\n", "'p1' has no file in 'calls'"),
        ("p9\tDIR/two.vcf\n", "2 samples found, none named 'p9'"),
        ("p9\tDIR/gone.vcf\n", "there is no such VCF"),
    ],
)
def test_mistakes_name_the_person_or_the_file(files, text, words):
    with pytest.raises(InputError, match=words):
        found(files, text)
