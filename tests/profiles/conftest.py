"""The plan of a small screen."""

import pytest

from seqmill.profiles.plan import load_profiles_plan
from tests.profiles import cohort


@pytest.fixture
def plan(tmp_path):
    return load_profiles_plan(cohort.write(tmp_path))
