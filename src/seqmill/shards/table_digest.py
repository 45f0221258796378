"""The digest of a table's values, free of how Parquet wrote them."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def table_digest(table: pa.Table) -> str:
    """Give the hexadecimal SHA-256 of names, types and values, column by column.

    Row groups, chunks, dictionary encoding, compression and metadata do not matter; the order of rows and
    columns does.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of numbers, booleans, strings or bytes; values may be missing.
    """
    digest = hashlib.sha256()
    for name in table.column_names:
        column = table[name].combine_chunks()
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        digest.update(f"{name}\0{'string' if text else column.type}\0{len(column)}\0".encode())
        if column.null_count:
            digest.update(np.packbits(pc.is_null(column).to_numpy(zero_copy_only=False)).tobytes())
        if text or pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
            values = pc.fill_null(column, "" if text else b"")
            digest.update(pc.binary_length(values).cast(pa.int64()).to_numpy().tobytes())
            joined = (value.encode() if text else value for value in values.to_pylist())
            digest.update(b"".join(joined))
        else:
            zero = False if pa.types.is_boolean(column.type) else 0
            values = pc.fill_null(column, zero) if column.null_count else column
            digest.update(np.ascontiguousarray(values.to_numpy(zero_copy_only=False)).tobytes())
    return digest.hexdigest()
