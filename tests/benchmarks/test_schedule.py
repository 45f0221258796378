"""Jobs on a cluster, against schedules by hand."""

import pytest
from schedule import Cluster, Job, schedule


def job(stage, seconds, *needs, cores=1, memory=1.0):
    return Job(stage=stage, cores=cores, memory_gb=memory, seconds=seconds, needs=needs)


ONE_CORE = Cluster(nodes=1, cores=1, memory_gb=10)
TWO_NODES = Cluster(nodes=2, cores=2, memory_gb=4)


@pytest.mark.parametrize(
    "jobs, cluster, wall, chain",
    [
        ([], ONE_CORE, 0, {}),
        ([job("a", 3), job("a", 4)], ONE_CORE, 7, {"a": 7}),
        ([job("a", 3), job("a", 4)], TWO_NODES, 4, {"a": 4}),
        ([job("a", 3), job("b", 4, 0)], TWO_NODES, 7, {"a": 3, "b": 4}),
        # the short one ends early and c waits for the long one
        ([job("a", 9), job("b", 1), job("c", 2, 0, 1)], TWO_NODES, 11, {"a": 9, "c": 2}),
        # memory lets one of these on a node at a time
        ([job("a", 5, memory=3) for _ in range(3)], TWO_NODES, 10, {"a": 10}),
        # no single node has three cores left although the cluster has
        ([job("a", 5), job("a", 5), job("b", 1, cores=2), job("b", 1, cores=2)], TWO_NODES, 5, {"a": 5}),
    ],
)
def test_wall_time_and_the_chain_that_sets_it(jobs, cluster, wall, chain):
    found = schedule(jobs, cluster)
    assert (found.wall, found.chain) == (wall, chain)


def test_the_bottleneck_is_the_stage_with_most_time_on_the_chain():
    jobs = [job("reads", 5), job("train", 3, 0), job("train", 3, 1)]
    assert schedule(jobs, TWO_NODES).bottleneck == "train"


def test_what_fits_nowhere_or_runs_backwards_is_refused():
    with pytest.raises(ValueError, match="train wants 3 cores and 1 GB, a node has 2 and 4"):
        schedule([job("train", 1, cores=3)], TWO_NODES)
    with pytest.raises(ValueError, match="job 0 needs job 1"):
        schedule([job("a", 1, 1), job("b", 1)], TWO_NODES)
