"""The staging folder comes and goes; finished files appear index first."""

import pytest

from seqmill.reads.finish import publish, staging_folder


def test_folder_is_empty_and_goes(tmp_path):
    output = tmp_path / "results" / "out.bam"
    with staging_folder(output) as folder:
        (folder / "half.bam").write_text("half")
        assert folder.parent == output.parent
    assert list(output.parent.iterdir()) == []


def test_folder_goes_on_an_error(tmp_path):
    with pytest.raises(RuntimeError), staging_folder(tmp_path / "out.bam") as folder:
        (folder / "half.bam").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed(tmp_path):
    with staging_folder(tmp_path / "out.bam") as folder:
        left = folder
    left.mkdir()
    (left / "half.bam").write_text("half")
    with staging_folder(tmp_path / "out.bam") as folder:
        assert list(folder.iterdir()) == []


def test_publish_builds_the_index(staged_bam, tmp_path):
    with staging_folder(tmp_path / "out.bam") as folder:
        (folder / "marked.bam").write_bytes(staged_bam.read_bytes())
        publish(folder / "marked.bam", tmp_path / "out.bam")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.bam", "out.bam.bai"]
    assert (tmp_path / "out.bam").read_bytes() == staged_bam.read_bytes()
