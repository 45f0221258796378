"""Compact pileups expanded into full tensors, a plane for each kind of fact."""

import numpy as np
import numpy.typing as npt
import torch
from numba import njit

from seqmill.applications.small_variants.expand import exchange
from seqmill.applications.small_variants.layout import PRESENT, REVERSE, SUPPORTS_ALT
from seqmill.applications.small_variants.relative import AS_REFERENCE, BASES
from seqmill.applications.small_variants.spec import SCALARS

PLANES = (
    "base",
    "base_quality",
    "mapping_quality",
    "strand",
    "supports_variant",
    "differs_from_reference",
    "insert_size",
)
"""The planes in order; every value is 0 where a row has no base.

Bases are 1 to 4, 5 deleted, 6 before an insertion, 7 unknown; qualities are phred, base qualities in steps
of two; strand is 1 forward, 2 reverse; the next two are 1 no, 2 yes; insert sizes are in steps of 8 bases.
"""


def expand_planes(
    pileup: torch.Tensor, columns: int, *, out: npt.NDArray[np.uint8] | None = None
) -> torch.Tensor:
    """Expand a batch of payloads on the device where it lies.

    Parameters
    ----------
    pileup : Tensor, uint8, shape (B, (H + 1) * (columns + 8))
        Payloads, zero-padded.
    columns : int
        Reference positions of a pileup, W.
    out : uint8 array [B, 7, H, W], optional
        Where to put the planes on the processor, such as arrays that are used again.

    Returns
    -------
    Tensor, uint8, shape (B, 7, H, W)
        See `PLANES`.
    """
    if pileup.device.type != "cpu":
        return _on_device(pileup, columns)
    batch, width = pileup.shape
    if out is None:
        out = np.empty((batch, len(PLANES), width // (columns + SCALARS) - 1, columns), np.uint8)
    fill_planes(pileup.contiguous().numpy(), out)
    return torch.from_numpy(out)


def fill_planes(
    packed: npt.NDArray[np.uint8],
    out: npt.NDArray[np.uint8],
    *,
    occupied: npt.NDArray[np.int64] | None = None,
) -> None:
    """Expand payloads on the processor into arrays that are used again.

    Parameters
    ----------
    packed : uint8 array [B, (H + 1) * (W + 8)]
        Payloads, zero-padded.
    out : uint8 array [B, 7, H, W]
        Where to put the planes.
    occupied : int64 array [B], optional
        The first rows of each example of `out` that may hold something, all below being zero; brought up to
        date. Passing the same array for the same `out` each time spares writing zeros over zeros.

    Raises
    ------
    ValueError
        When the shapes do not fit each other.
    """
    batch, planes, rows, columns = out.shape
    wanted = (batch, (rows + 1) * (columns + SCALARS))
    if packed.shape != wanted or planes != len(PLANES):
        raise ValueError(f"payloads {packed.shape} found for planes {out.shape}, {wanted} wanted")
    if occupied is None:
        occupied = np.full(batch, rows)
    if occupied.shape != (batch,):
        raise ValueError(f"occupied {occupied.shape} found, {(batch,)} wanted")
    _fill(packed, out, occupied)


@njit(cache=True, nogil=True)
def _fill(packed, out, occupied):  # type: ignore[no-untyped-def]
    """Bytes alone in the inner loop, so that it becomes vector instructions."""
    height, columns = out.shape[2], out.shape[3]
    width = columns + SCALARS
    one, top = np.uint8(AS_REFERENCE), np.uint8(BASES)
    nothing, full, shift, lower = np.uint8(0), np.uint8(255), np.uint8(5), np.uint8(31)
    exchanged, fitting = np.empty(columns, np.uint8), np.empty(columns, np.uint8)
    for example in range(packed.shape[0]):
        source, planes = packed[example], out[example]
        for column in range(columns):
            reference = source[column] >> shift
            known = (reference > nothing) & (reference <= top)
            exchanged[column] = reference if known else one
            fitting[column] = one if known else reference
        end = 0
        for row in range(height):
            scalars = (row + 1) * width + columns
            if not source[scalars + 1] & PRESENT:
                continue
            for plane in range(7):
                planes[plane, end:row] = 0
            end = row + 1
            cells = source[scalars - columns : scalars]
            mapping, insert = source[scalars], source[scalars + 7]
            strand = np.uint8(2) if source[scalars + 1] & REVERSE else one
            supports = np.uint8(2) if source[scalars + 1] & SUPPORTS_ALT else one
            base, quality, mapq = planes[0, row], planes[1, row], planes[2, row]
            strands, support, differs, inserts = (
                planes[3, row],
                planes[4, row],
                planes[5, row],
                planes[6, row],
            )
            for column in range(columns):
                cell = cells[column]
                code = cell >> shift
                mask = full if code != nothing else nothing
                other = exchanged[column]
                base[column] = other if code == one else (one if code == other else code)
                quality[column] = ((cell & lower) << one) & mask
                mapq[column] = mapping & mask
                strands[column] = strand & mask
                support[column] = supports & mask
                differs[column] = (one if code == fitting[column] else np.uint8(2)) & mask
                inserts[column] = insert & mask
        for plane in range(7):
            planes[plane, end : max(end, min(occupied[example], height))] = 0
        occupied[example] = end


def _on_device(pileup: torch.Tensor, columns: int) -> torch.Tensor:
    rows = pileup.view(pileup.shape[0], -1, columns + SCALARS)
    reference = rows[:, :1, :columns] >> 5
    cells, scalars = rows[:, 1:, :columns], rows[:, 1:, columns:]
    flags = scalars[..., 1:2]
    code = cells >> 5
    base = exchange(code, reference)
    covered = ((code > 0) & ((flags & PRESENT) > 0)).to(torch.uint8)
    batch, height, _ = cells.shape
    out = torch.empty(batch, len(PLANES), height, columns, dtype=torch.uint8, device=pileup.device)
    facts = (
        base,
        (cells & 31) << 1,
        scalars[..., 0:1],
        1 + ((flags & REVERSE) > 0).to(torch.uint8),
        1 + ((flags & SUPPORTS_ALT) > 0).to(torch.uint8),
        1 + (base != reference).to(torch.uint8),
        scalars[..., 7:8],
    )
    for plane, fact in enumerate(facts):
        torch.mul(fact, covered, out=out[:, plane])
    return out
