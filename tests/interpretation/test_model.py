"""Checkpoints as functions of sequence, and those that are none."""

from dataclasses import replace
from pathlib import Path

import pytest

from seqmill.applications.sequence import SequenceModel
from seqmill.applications.small_variants.spec import APPLICATION
from seqmill.errors import InputError
from seqmill.interpretation import model as stage
from seqmill.interpretation.model import open_model, output_index

MODEL = SequenceModel(
    function=lambda windows: windows.sum((1, 2))[:, None], length=10, outputs=("open", "bound")
)


def test_an_application_that_reads_sequence_opens_its_checkpoints(monkeypatch):
    monkeypatch.setattr(stage, "read_facts", lambda path: {"application": "toy"})
    toy = replace(APPLICATION, name="toy", sequence="a:b")
    monkeypatch.setattr(stage, "find_application", lambda name: toy if name == "toy" else None)
    monkeypatch.setattr(
        "seqmill.applications.application.load_object", lambda path: lambda checkpoint: (path, checkpoint)
    )
    assert open_model(Path("x.ckpt")) == (("a:b", Path("x.ckpt")), {"application": "toy"})


def test_one_that_reads_pileups_does_not(monkeypatch):
    monkeypatch.setattr(stage, "read_facts", lambda path: {"application": "small_variants"})
    with pytest.raises(InputError, match=r"x.ckpt: a model of small_variants .* does not read DNA"):
        open_model(Path("x.ckpt"))


def test_outputs_are_named():
    assert [output_index(MODEL, name) for name in (None, "open", "bound")] == [0, 0, 1]
    with pytest.raises(InputError, match="no output 'other'; it has open, bound"):
        output_index(MODEL, "other")
