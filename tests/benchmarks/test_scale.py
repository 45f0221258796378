"""A cohort is planned as a number of jobs that follows by hand from its size."""

import pytest
import scale


@pytest.mark.slow
@pytest.mark.parametrize(
    "cohort, jobs",
    [
        (scale.Cohort(samples=10, experiments=1, seeds=2, batches=1), 10 * 3 + 6 + 6),
        (scale.Cohort(samples=20, experiments=2, seeds=2, batches=3), 4 * 3 + 16 * 5 + 12 + 6),
    ],
)
def test_jobs_grow_with_samples_batches_and_runs_alone(cohort, jobs):
    assert cohort.jobs == jobs
    assert scale.dry_run(cohort).jobs == jobs


def test_a_plan_that_is_wrong_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scale, "CONTIGS", 1)
    with pytest.raises(RuntimeError, match="the dry run ended with code 1"):
        scale.dry_run(scale.Cohort(samples=10))
