"""A site gives the weights that all begin with, and moments of its features alone."""

from dataclasses import replace

import pytest
import torch

from seqmill.errors import InputError
from seqmill.profiles.table import read_table
from seqmill.shards.manifest import Manifest
from seqmill.training import checkpoint
from seqmill.training.federated.site import STATISTICS, write_start


def test_all_sites_begin_with_the_same_weights_and_tell_their_own_moments(sites, configured, tmp_path):
    read = {}
    for name in ("north", "south"):
        rows = write_start(configured(sites[name]), tmp_path / name / "checkpoint.ckpt")
        facts, read[name] = checkpoint.read(tmp_path / name / "checkpoint.ckpt")
        assert facts["train_examples"] == rows == sites[name].manifest.rows("train")
    drawn = [name for name in read["north"] if name.startswith("network.")]
    assert drawn and all(torch.equal(read["north"][name], read["south"][name]) for name in drawn)
    told = {name: values for name, values in read["north"].items() if name.startswith(STATISTICS)}
    assert sorted(told) == [
        f"{STATISTICS}profiles.levels.{kind}" for kind in ("count", "mean", "rows", "variance")
    ]
    table = read_table(sites["north"].manifest.table_paths()["profiles"])
    assert max(values.numel() for values in told.values()) == len(table.blocks["levels"].features)
    apart = read["south"][f"{STATISTICS}profiles.levels.mean"] - told[f"{STATISTICS}profiles.levels.mean"]
    assert 1.3 < apart.mean() < 1.7


def test_sites_that_would_each_make_other_components_are_refused(sites, configured, tmp_path, monkeypatch):
    found = sites["north"].manifest
    asking = replace(found, encoding=replace(found.encoding, options={"components": {"count": 2}}))
    monkeypatch.setattr(Manifest, "load", lambda *_, **__: asking)
    with pytest.raises(InputError, match=r"options\.components found, none wanted where sites keep"):
        write_start(configured(sites["north"]), tmp_path / "north" / "checkpoint.ckpt")
    assert not (tmp_path / "north").exists()
