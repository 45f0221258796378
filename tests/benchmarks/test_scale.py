"""A large plan: as many jobs as its formula says, and its sheets as the workflow reads them."""

from pathlib import Path

import pytest
from scale import SEEDS, dry_run, write_plan

SAMPLES, EXPERIMENTS = 12, 3


@pytest.mark.slow
def test_the_number_of_jobs_follows_from_samples_batches_experiments_and_seeds(tmp_path: Path):
    write_plan(tmp_path, samples=SAMPLES, contigs=25, experiments=EXPERIMENTS)
    assert dry_run(tmp_path).jobs == {
        "plan": SAMPLES + 2,
        "reads": SAMPLES,
        "examples": 5 * SAMPLES,  # a human genome is cut in five
        "collect": 1,
        "tracking": 1,
        "compose": EXPERIMENTS,
        "train": SEEDS * EXPERIMENTS,
        "evaluate": SEEDS * EXPERIMENTS,
        "ensemble": EXPERIMENTS,
        "baseline": 1,
        "compare": 1,
        "default": 1,
    }
