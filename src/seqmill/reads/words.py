"""Little-endian words anywhere in an array of bytes, one load each, for compiled kernels."""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic


def _loader(word: types.Integer) -> Any:
    """Make an intrinsic that loads one word; the caller has seen to it that its bytes are in the array."""

    @intrinsic
    def load(context: Any, buffer: Any, at: Any) -> Any:
        if not (isinstance(buffer, types.Array) and buffer.dtype == types.uint8 and buffer.layout == "C"):
            return None

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, values[0])
            index = context.cast(builder, values[1], signature.args[1], types.intp)
            place = cgutils.gep_inbounds(builder, array.data, index)
            value = builder.load(builder.bitcast(place, ir.IntType(word.bitwidth).as_pointer()))
            value.align = 1
            return value

        return word(buffer, at), generate

    return load


_load_int32, _load_int64 = _loader(types.int32), _loader(types.int64)


@njit(cache=True, nogil=True, inline="always")
def int32_at(buffer: np.ndarray, at: int) -> int:
    """Read a little-endian int32 at a byte offset, as int64; nothing is checked."""
    return np.int64(_load_int32(buffer, at))


@njit(cache=True, nogil=True, inline="always")
def int64_at(buffer: np.ndarray, at: int) -> int:
    """Read a little-endian int64 at a byte offset; nothing is checked."""
    return _load_int64(buffer, at)
