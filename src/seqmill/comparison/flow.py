"""The graph of what was made from what in one comparison."""

from collections.abc import Mapping, Sequence
from typing import Any

from seqmill.comparison.dag import Node
from seqmill.comparison.inputs import in_time
from seqmill.comparison.runs import Caller

_NAMED = 3


def flow(
    callers: Sequence[Caller], splits: Mapping[str, Any], *, examples: int, dataset: str
) -> tuple[dict[str, Node], list[tuple[str, str]]]:
    """Give the nodes and edges from reads to report.

    Parameters
    ----------
    callers : sequence of Caller
        Experiments and baselines.
    splits : mapping
        Split -> ``samples`` and ``contigs``, as in the manifest.
    examples : int
        Rows of the dataset.
    dataset : str
        Name of the dataset.

    Returns
    -------
    (dict, list)
        What `seqmill.comparison.dag.draw` takes.
    """
    nodes = {"dataset": Node("shards", f"{examples:,} examples of {dataset}", "data")}
    edges = []
    order = in_time(splits)
    for split in order:
        samples = list(splits[split]["samples"])
        nodes[f"reads.{split}"] = Node(f"{split} reads", _names(samples), "reads")
        nodes[f"examples.{split}"] = Node("examples", "encoded and labelled")
        edges += [(f"reads.{split}", f"examples.{split}"), (f"examples.{split}", "dataset")]
    nodes["compare"] = Node("comparison", "leaderboard and report", "data")
    for caller in callers:
        evaluated = f"evaluate.{caller.name}"
        if caller.baseline and not any(run.training for run in caller.runs):
            nodes[evaluated] = Node(caller.name, "applied and scored", "baseline")
            edges.append((f"reads.{order[-1]}", evaluated))
        elif sites := caller.runs[0].training.get("sites"):
            rows = sum(site["train_examples"] for site in sites)
            nodes["sites"] = Node(f"{len(sites)} sites", f"{rows:,} rows, kept there", "reads")
            nodes[f"train.{caller.name}"] = Node(caller.name, f"mean of {len(sites)} sites", "model")
            nodes[evaluated] = Node("predictions", "scored on test", "model")
            edges += [("sites", f"train.{caller.name}"), (f"train.{caller.name}", evaluated)]
            edges.append(("dataset", evaluated))
        else:
            seeds = f"{len(caller.runs)} seed{'s' if len(caller.runs) > 1 else ''}"
            kind = "baseline" if caller.baseline else "model"
            nodes[f"train.{caller.name}"] = Node(caller.name, f"trained, {seeds}", kind)
            nodes[evaluated] = Node("predictions", "scored on test", kind)
            edges += [("dataset", f"train.{caller.name}"), (f"train.{caller.name}", evaluated)]
        edges.append((evaluated, "compare"))
    return nodes, edges


def _names(samples: Sequence[str]) -> str:
    return ", ".join(samples) if len(samples) <= _NAMED else f"{len(samples)} samples"
