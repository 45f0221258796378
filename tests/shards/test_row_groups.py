import pytest

from seqmill.errors import InputError
from seqmill.shards.row_groups import RowGroups


@pytest.fixture
def manifest(tmp_path, rows, build):
    return build(tmp_path, rows)


def test_a_row_group_has_the_columns_asked_for(manifest):
    shard = manifest.shards_of("validation")[0]
    found = []
    RowGroups(manifest, ["start", "pileup"]).read(shard, 2, found.append)
    assert (found[0].column_names, found[0].num_rows) == (["start", "pileup"], 26)


def test_a_missing_shard_is_named(manifest):
    shard = manifest.shards[0]
    manifest.shard_path(shard).unlink()
    with pytest.raises(InputError, match=f"{shard.name}: no such file"):
        RowGroups(manifest, ["start"]).read(shard, 0, print)


def test_rows_that_cannot_be_taken_are_damage(manifest):
    def refuse(_table):
        raise ValueError("too long")

    with pytest.raises(InputError, match=r"row group 1 is damaged \(too long\)"):
        RowGroups(manifest, ["start"]).read(manifest.shards[0], 1, refuse)
