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


class Module:
    """A module as an application gives it."""

    length, outputs = 10, ["open"]

    def __init__(self, task: str) -> None:
        self.task = task


def test_an_application_that_reads_sequence_opens_its_checkpoints(monkeypatch):
    monkeypatch.setattr(stage, "load", lambda path: (f"task of {path}", {"application": "toy"}))
    toy = replace(APPLICATION, name="toy", sequence="a:b")
    monkeypatch.setattr(stage, "find_application", lambda name: toy if name == "toy" else None)
    monkeypatch.setattr("seqmill.applications.application.load_object", lambda path: Module)
    found, facts = open_model(Path("x.ckpt"))
    assert found.function.task == "task of x.ckpt" and facts == {"application": "toy"}
    assert (found.length, found.outputs, found.both_strands, found.logarithmic) == (
        10,
        ("open",),
        True,
        False,
    )


def test_a_module_says_what_else_it_is():
    module = Module("t")
    module.both_strands, module.logarithmic = False, True
    found = SequenceModel.of(module)
    assert (found.both_strands, found.logarithmic) == (False, True)


def test_one_that_reads_pileups_does_not(monkeypatch):
    monkeypatch.setattr(stage, "load", lambda path: (None, {"application": "small_variants"}))
    with pytest.raises(InputError, match=r"x.ckpt: a model of small_variants .* does not read DNA"):
        open_model(Path("x.ckpt"))


def test_outputs_are_named():
    assert [output_index(MODEL, name) for name in (None, "open", "bound")] == [0, 0, 1]
    with pytest.raises(InputError, match="no output 'other'; it has open, bound"):
        output_index(MODEL, "other")
