"""The columns of examples that point into tables."""

from collections.abc import Sequence

from seqmill.shards.schema import Column

POINTERS = (
    Column("profile", "int32"),
    Column("molecule", "int32"),
    Column("profile_id", "string"),
    Column("molecule_id", "string"),
    Column("group", "string"),
)
"""Rows of the tables, -1 for none; their names; and the group that the splits keep together."""


def row_columns(labels: Sequence[str], *, classes: Sequence[str] = ()) -> tuple[Column, ...]:
    """Give `POINTERS` and then the columns of labels: float32, nan where missing.

    Those of `classes` hold numbers of classes, int8, and are counted in the label report; rows without them
    are no examples.
    """
    plain = (Column(name, "float32") for name in labels)
    return (*POINTERS, *plain, *(Column(name, "int8", label=True) for name in classes))
