"""libdeflate's inflation and CRC-32 as functions that compiled kernels call without Python.

The library comes with the `deflate` package. Where that lacks, or hides the symbols, `AVAILABLE` is false
and the functions must not be called.
"""

import ctypes
import importlib.util

import llvmlite.binding
from numba import types

_SYMBOLS = (
    "libdeflate_alloc_decompressor",
    "libdeflate_free_decompressor",
    "libdeflate_deflate_decompress",
    "libdeflate_crc32",
)
_PREFIX = "seqmill_"


def _register() -> bool:
    """Tell the compiler where the symbols are, under names that no other copy of the library has."""
    try:
        module = importlib.util.find_spec("deflate._deflate")
    except ImportError:
        return False
    if module is None or module.origin is None:
        return False
    try:
        library = ctypes.CDLL(module.origin)
        addresses = {name: ctypes.cast(getattr(library, name), ctypes.c_void_p).value for name in _SYMBOLS}
    except (OSError, AttributeError):
        return False
    for name, address in addresses.items():
        llvmlite.binding.add_symbol(_PREFIX + name, address)
    return True


AVAILABLE = _register()
"""Whether the functions below can be called."""

alloc_decompressor = types.ExternalFunction(f"{_PREFIX}{_SYMBOLS[0]}", types.uintp())
"""Give the address of a new decompressor, 0 when there is no memory."""
free_decompressor = types.ExternalFunction(f"{_PREFIX}{_SYMBOLS[1]}", types.void(types.uintp))
"""Free the decompressor at an address."""
deflate_decompress = types.ExternalFunction(
    f"{_PREFIX}{_SYMBOLS[2]}",
    types.int32(types.uintp, types.uintp, types.uintp, types.uintp, types.uintp, types.uintp),
)
"""Inflate: decompressor, input address and bytes, output address and bytes, 0; gives 0 when all went well."""
crc32 = types.ExternalFunction(
    f"{_PREFIX}{_SYMBOLS[3]}", types.uint32(types.uint32, types.uintp, types.uintp)
)
"""CRC-32: start value, address, bytes."""
