"""The mean of what sites have learnt, weighted by their training rows.

Source of the method: McMahan et al. (2017), "Communication-efficient learning of deep networks from
decentralized data"; moments are pooled after Chan, Golub and LeVeque (1979).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from seqmill.errors import InputError
from seqmill.files import digest_json, write_json
from seqmill.origin import KEY, Node, this_step
from seqmill.tracking.record import CHECKPOINT
from seqmill.training import checkpoint
from seqmill.training.federated.site import STATISTICS
from seqmill.training.render import write_config
from seqmill.training.validate import validate

Weights = dict[str, torch.Tensor]

_SAME = ("application", "network", "options", "encoding_digest")


def write_average(sites: Sequence[Path], output: Path, *, experiment: str = "") -> dict[str, Any]:
    """Average checkpoints of sites, and write a folder like that of a trained run.

    Written are ``checkpoint.ckpt``, which training at a site begins with (``init_from``) and which is scored
    like any other, ``config.yaml`` and ``train.json``. Where the checkpoints hold statistics, means and
    spreads of features are those of all rows of all sites together.

    Parameters
    ----------
    sites : sequence of Path
        One checkpoint of each site, of the same round.
    output : Path
        Folder to write to.
    experiment : str
        Name under which the average is compared; that of the sites unless given.

    Returns
    -------
    dict
        The content of ``train.json``.

    Raises
    ------
    InputError
        When there are fewer than two, they are of different networks or features, or one tells no rows.
    """
    if len(sites) < 2:
        raise InputError(
            f"an average is of two sites or more, {len(sites)} given; name one checkpoint of each"
        )
    read = [checkpoint.read(path) for path in sites]
    told = [facts for facts, _ in read]
    for path, facts in zip(sites, told, strict=True):
        _check(path, facts, sites[0], told[0])
    rows = [int(facts["train_examples"]) for facts in told]
    weights = mean_weights([weights for _, weights in read], rows)
    config = dict(told[0]["config"]) | {"init_from": ""}
    config["experiment"] = experiment or config["experiment"]
    parents = [checkpoint.origin(path, checkpoint.read_facts(path)) for path in sites]
    node = Node(kind="checkpoint", name=CHECKPOINT, of="weights", step=this_step(), parents=tuple(parents))
    facts = told[0] | {
        "config": config,
        "dataset_digest": digest_json(sorted(one["dataset_digest"] for one in told)),
        "label_counts": _summed([one["label_counts"] for one in told]),
        "run_id": "",
        "train_examples": sum(rows),
        KEY: node.to_dict(),
    }
    record = {
        "experiment": config["experiment"],
        "seed": config["seed"],
        "network": facts["network"],
        "train_examples": sum(rows),
        "sites": [
            {"checkpoint": str(path), "dataset_digest": one["dataset_digest"], "train_examples": count}
            for path, one, count in zip(sites, told, rows, strict=True)
        ],
    }
    output.mkdir(parents=True, exist_ok=True)
    write_config(output / "config.yaml", validate(config, source=str(sites[0])))
    checkpoint.save(output / CHECKPOINT, weights, facts)
    write_json(output / "train.json", record)
    return record


def mean_weights(sites: Sequence[Mapping[str, torch.Tensor]], rows: Sequence[int]) -> Weights:
    """Average weights by name, in float64; counters are those of the first site.

    Parameters
    ----------
    sites : sequence of mapping
        Name -> weights of each site, with or without statistics.
    rows : sequence of int
        Training rows of each.
    """
    total = float(sum(rows))
    mean: Weights = {}
    for name, first in sites[0].items():
        if name.startswith(STATISTICS):
            continue
        if not first.is_floating_point():
            mean[name] = first
            continue
        parts = [site[name].double() * (count / total) for site, count in zip(sites, rows, strict=True)]
        mean[name] = torch.stack(parts).sum(0).to(first.dtype)
    return mean | _pooled(sites)


def _pooled(sites: Sequence[Mapping[str, torch.Tensor]]) -> Weights:
    """Pool the moments of each block: what fitting to all rows together would have given."""
    blocks = [name.removesuffix(".rows") for name in sites[0] if name.startswith(STATISTICS)]
    pooled: Weights = {}
    for block in (name for name in blocks if f"{name}.rows" in sites[0]):
        counts = torch.stack([site[f"{block}.count"] for site in sites])
        means = torch.stack([site[f"{block}.mean"] for site in sites])
        variances = torch.stack([site[f"{block}.variance"] for site in sites])
        known = counts.sum(0).clamp(min=1)
        mean = (counts * means).sum(0) / known
        variance = (counts * (variances + (means - mean) ** 2)).sum(0) / known
        share = counts.sum(0) / sum(site[f"{block}.rows"] for site in sites)
        table, name = block.removeprefix(STATISTICS).split(".", 1)
        spread = torch.where(variance > 0, variance.sqrt(), 1.0)
        for kind, values in (("mean", mean), ("spread", spread), ("share", share)):
            pooled[f"inputs.{table}.{kind}_{name}"] = values.float()
    return pooled


def _check(path: Path, facts: Mapping[str, Any], first: Path, wanted: Mapping[str, Any]) -> None:
    for name in _SAME:
        if facts[name] != wanted[name]:
            raise InputError(
                f"{path}: {name} {facts[name]} found, {wanted[name]} wanted, as in {first}; sites train the "
                "same network on tables of the same features"
            )
    if not facts.get("train_examples"):
        raise InputError(f"{path}: tells no number of training rows; write it anew with this version")


def _summed(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(one.get(name, 0) for one in counts) for name in counts[0]}
