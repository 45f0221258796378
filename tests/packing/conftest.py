"""Plans of sequences written by hand."""

import pytest
import yaml


@pytest.fixture
def written(tmp_path):
    """Write a plan and give its path; sources are files of `tmp_path`."""

    def write(**content):
        path = tmp_path / "pack.yaml"
        path.write_text(yaml.safe_dump(content))
        return path

    return write
