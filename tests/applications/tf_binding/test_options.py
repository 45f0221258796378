"""What may be said of teachers and labels."""

import pytest

from seqmill.applications.tf_binding.options import Augmentation
from seqmill.typed import build


def problems(**given):
    found = []
    build(Augmentation, given, path="augmentation", problems=found)
    return found


@pytest.mark.parametrize("labelled", [0.0, 1.5])
def test_a_share_out_of_range_is_a_mistake(labelled):
    (told,) = problems(teachers=["a.ckpt"], labelled=labelled)
    assert told.startswith(f"augmentation.labelled: found {labelled}, want")


def test_a_share_without_teachers_is_a_mistake_and_with_them_none():
    (told,) = problems(labelled=0.01)
    assert told.startswith("augmentation.labelled: found 0.01 but no teachers, want 1; ")
    assert not problems(teachers=["a.ckpt"], labelled=0.01)
    assert not problems(teachers=["a.ckpt"])
