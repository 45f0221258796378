"""Labels follow the pointers as floats, since one may be missing."""

from seqmill.applications.profiled.columns import POINTERS, row_columns


def test_labels_follow_the_pointers():
    columns = row_columns(["response", "toxic"])
    assert columns[: len(POINTERS)] == POINTERS
    assert [(column.name, column.kind) for column in columns[len(POINTERS) :]] == [
        ("response", "float32"),
        ("toxic", "float32"),
    ]


def test_classes_are_whole_numbers_that_are_counted():
    (column,) = row_columns((), classes=["disease"])[len(POINTERS) :]
    assert (column.name, column.kind, column.label) == ("disease", "int8", True)
