import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seqmill.shards.groups import in_groups


def table(values):
    return pa.table({"x": pa.array(values, pa.int64())})


@given(lengths=st.lists(st.integers(0, 20), max_size=12), rows=st.integers(1, 15))
def test_groups_have_one_size_and_keep_the_order(lengths, rows):
    values = iter(range(1000))
    tables = [table([next(values) for _ in range(n)]) for n in lengths]
    groups = list(in_groups(tables, rows))
    assert [value for group in groups for value in group["x"].to_pylist()] == list(range(sum(lengths)))
    assert all(group.num_rows == rows for group in groups[:-1])
    assert all(0 < group.num_rows <= rows for group in groups[-1:])
