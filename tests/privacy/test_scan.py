"""A scan looks at contents, names and targets of links, and tells neither."""

import gzip

import pytest

from seqmill.errors import InputError
from seqmill.privacy.identifiers import Identifiers
from seqmill.privacy.scan import refuse, scan, with_texts

LIST = Identifiers({3: "MaryMajor", 5: "MRN-447"})


@pytest.fixture
def results(tmp_path):
    (tmp_path / "results" / "reads").mkdir(parents=True)
    (tmp_path / "results" / "report.html").write_text("nobody")
    (tmp_path / "results" / "reads" / "p1.txt").write_text("no one")
    return tmp_path / "results"


def test_nothing_to_be_found(results):
    done = scan([results], LIST)
    assert (done.files, done.bytes, done.found, done.closed) == (2, 12, {}, {})
    refuse(done, LIST)


def test_files_and_lines_are_told_and_never_the_identifiers(results, tmp_path):
    (results / "report.html").write_text("of marymajor, MRN-447")
    (results / "MaryMajor").mkdir()
    (results / "MaryMajor" / "clean.txt").write_text("clean")
    (results / "link").symlink_to("/clinic/MRN-447.bam")
    (results / "cut.gz").write_bytes(gzip.compress(b"of MaryMajor")[:-9])
    done = scan([results], LIST)
    assert done.found == {
        f"{results}/MaryMajor": [3],
        f"{results}/MaryMajor/clean.txt": [3],
        f"{results}/link": [5],
        f"{results}/report.html": [3, 5],
    }
    assert list(done.closed) == [f"{results}/cut.gz"]
    with pytest.raises(InputError) as caught:
        refuse(done, LIST)
    message = str(caught.value)
    assert f"{results}/report.html: holds line 3 (*********), line 5 (*******)" in message
    assert f"{results}/***/clean.txt: holds line 3" in message
    assert "mary" not in message.lower() and "447" not in message


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        scan([tmp_path / "none"], LIST)


def test_texts_that_lie_in_no_file(results):
    done = with_texts(scan([results], LIST), [("run 1", "seed\n1"), ("run 2", "of\nMRN-447")], LIST)
    assert (done.files, done.found) == (2, {"run 2": [5]})
