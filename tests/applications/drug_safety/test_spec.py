"""Tasks are named once, and by names that can be columns."""

import pytest

from seqmill.applications.drug_safety.spec import Options, encoding
from seqmill.errors import InputError


def test_each_task_is_a_column():
    found = encoding(Options(tasks=("NR-AR", "SR-p53")))
    assert [column.name for column in found.columns][-2:] == ["NR-AR", "SR-p53"]
    assert found.options == {"tasks": ["NR-AR", "SR-p53"]}


@pytest.mark.parametrize(
    ("tasks", "words"),
    [((), "found none"), (("a", "a"), "'a'"), (("a.b",), "'a.b'"), (("molecule",), "none of .*molecule")],
)
def test_unsuitable_names_are_refused(tasks, words):
    with pytest.raises(InputError, match=words):
        Options(tasks=tasks)
