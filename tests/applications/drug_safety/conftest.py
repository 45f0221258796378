"""Planted toxicity, as rows and as a dataset."""

import pytest

from tests.applications.drug_safety import planted


@pytest.fixture(scope="session")
def assays(tmp_path_factory):
    """Index and job of the planted molecules."""
    return planted.job(tmp_path_factory.mktemp("assays"))


@pytest.fixture(scope="session")
def safety(tmp_path_factory, assays):
    """Dataset of the planted molecules."""
    return planted.dataset(tmp_path_factory.mktemp("safety"), assays.job)
