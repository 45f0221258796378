"""What a cohort costs follows from the costs of its stages by plain arithmetic."""

import cluster
import pytest

COSTS = cluster.Costs(
    align=8.0,
    score=10_000.0,
    examples=0.36,
    examples_mb=500.0,
    count=1000.0,
    size=500.0,
    collect=31_000.0,
    train=31_000.0,
)


def results(**changed):
    figures = {key: getattr(COSTS, name) for name, key in cluster.WANTED.items()} | changed
    return {"claims": [{"key": key, "ours": value} for key, value in figures.items()]}


def test_jobs_of_ten_genomes_by_hand():
    jobs = cluster.cohort_jobs(10, COSTS)
    counts = {stage: [job.stage for job in jobs].count(stage) for stage in {job.stage for job in jobs}}
    assert counts == {"reads": 10, "examples": 50, "collect": 1, "train": 6, "evaluate": 6}
    seconds = {job.stage: job.seconds - cluster.START_S for job in jobs}
    assert seconds == pytest.approx(
        {
            "reads": 8.0 * 3100 / 8,
            "examples": 0.36 * 3100 / 5,
            "collect": 10 * 3.1e6 / 31_000,
            "train": 8 * 3.1e6 * 10 / 31_000,
            "evaluate": 2 * 3.1e6 / 10_000,
        }
    )


def test_ranks_share_the_time_of_a_training_alone():
    one, many = ({job.stage: job for job in cluster.cohort_jobs(10, COSTS, ranks=n)} for n in (1, 8))
    assert (many["train"].seconds - cluster.START_S) * 8 == pytest.approx(
        one["train"].seconds - cluster.START_S
    )
    assert many["train"].cores == 8
    assert all(many[stage] == one[stage] for stage in one if stage != "train")


def test_the_table_has_a_column_for_each_cohort_and_names_the_bottleneck():
    text = cluster.markdown(results())
    assert "| genomes at 30x | 1 | 10 | 100 | 500 |" in text
    assert "| core-hours, examples | 0.32 | 3.2 | 32 | 162 |" in text
    bottlenecks = next(line for line in text.splitlines() if line.startswith("| first bottleneck, one core"))
    assert bottlenecks.split(" | ")[1:] == ["`reads`", "`train`", "`train`", "`train` |"]


def test_what_was_not_measured_is_named():
    assert cluster.markdown(results(cluster_align=None)) == "Not reckoned: cluster_align not measured."
