"""The graph of what was made from what."""

from seqmill.comparison.flow import flow
from seqmill.comparison.runs import load_callers


def test_trained_callers_go_through_the_shards_and_others_do_not(study, make):
    nodes, edges = flow(
        load_callers(study.runs, study.baselines), make.splits, examples=63_500, dataset="demo"
    )
    assert nodes["dataset"].note == "63,500 examples of demo"
    assert nodes["train.good"].note == "trained, 2 seeds"
    assert {("dataset", "train.scalars"), ("train.scalars", "evaluate.scalars")} <= set(edges)
    assert [edge for edge in edges if edge[1] == "evaluate.caller"] == [("reads.test", "evaluate.caller")]
    assert sum(target == "compare" for _, target in edges) == 4


def test_many_samples_are_counted_and_few_named(study, make):
    splits = make.splits | {"train": {"samples": [f"t{n}" for n in range(9)], "contigs": ["c1"]}}
    nodes, _ = flow(load_callers(study.runs), splits, examples=1, dataset="demo")
    assert (nodes["reads.train"].note, nodes["reads.test"].note) == ("9 samples", "eve")


def test_the_mean_of_sites_comes_from_the_sites_and_is_scored_on_the_dataset(averaged, make):
    nodes, edges = flow(averaged.callers, make.splits, examples=63_500, dataset="demo")
    assert (nodes["sites"].title, nodes["sites"].note) == ("2 sites", "800 rows, kept there")
    assert nodes["train.good_federated"].note == "mean of 2 sites"
    assert [source for source, target in edges if target == "train.good_federated"] == ["sites"]
    assert {source for source, target in edges if target == "evaluate.good_federated"} == {
        "dataset",
        "train.good_federated",
    }
