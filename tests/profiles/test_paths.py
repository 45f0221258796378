"""A pattern names the files that fit it, sorted; a plain path itself."""

from seqmill.profiles.paths import files_of


def test_a_pattern_names_all_that_fit(tmp_path):
    for name in ("b.tsv", "a.tsv", "c.csv"):
        (tmp_path / name).touch()
    assert files_of(str(tmp_path / "*.tsv")) == [str(tmp_path / "a.tsv"), str(tmp_path / "b.tsv")]
    assert files_of(str(tmp_path / "[xyz].tsv")) == []


def test_a_file_may_be_called_like_a_pattern(tmp_path):
    (tmp_path / "a[1].tsv").touch()
    assert files_of(str(tmp_path / "a[1].tsv")) == [str(tmp_path / "a[1].tsv")]
    assert files_of("gone.tsv") == ["gone.tsv"]
