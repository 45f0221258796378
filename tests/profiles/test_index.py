"""An index is opened as a reference is."""

import pytest

from seqmill.errors import InputError
from seqmill.profiles.build import INDEX, build_profiles
from seqmill.profiles.index import ProfileIndex


def test_the_index_gives_folds_checksum_and_files(tmp_path, plan):
    written = build_profiles(plan, tmp_path / "raw")
    with ProfileIndex(tmp_path / "raw" / INDEX) as index:
        assert index.contigs == plan.contigs
        assert index.checksum == written["checksum"]
        assert set(index.files) == {"profiles", "molecules"}
        assert all(path.is_file() for path in index.files.values())
        assert index.layout["profiles"]["dosage"]["size"] == 3
        assert index.layout["molecules"]["length"]["dtype"] == "uint8"
        assert index.read_profiles().layout == index.layout["profiles"]
        del index.tables["profiles"]
        with pytest.raises(InputError, match="has no table of profiles"):
            index.read_profiles()


def test_what_is_missing_or_cut_short_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such index of profiles"):
        ProfileIndex(tmp_path / "profiles.json")
    (tmp_path / "profiles.json").write_text("{}")
    with pytest.raises(InputError, match="key 'contigs' is missing"):
        ProfileIndex(tmp_path / "profiles.json")
