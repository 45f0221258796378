"""Tables that name a file for each person."""

import pytest

from seqmill.errors import InputError
from seqmill.profiles.sheets import read_sheet


def test_variables_of_the_environment_are_filled_in(tmp_path, monkeypatch):
    monkeypatch.setenv("CALLS", "/calls")
    (tmp_path / "s.tsv").write_text("person\tvcf\na\t$CALLS/a.vcf\nb\tb.vcf\n")
    assert read_sheet(str(tmp_path / "s.tsv"), "person", "vcf") == {"a": "/calls/a.vcf", "b": "b.vcf"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person\tvcf\na\tx\na\ty\n", "'a' stands in 2 rows of 'person'"),
        ("person\tvcf\na\t\n", "'a' has no file in 'vcf'"),
        ("person\tcalls\na\tx\n", "no column 'vcf'"),
    ],
)
def test_mistakes_name_person_or_column(tmp_path, text, words):
    (tmp_path / "s.tsv").write_text(text)
    with pytest.raises(InputError, match=words):
        read_sheet(str(tmp_path / "s.tsv"), "person", "vcf")
