"""Lay the contigs of a plan together as one FASTA."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.reference import Reference
from seqmill.simulate.genome import random_genome
from seqmill.simulate.plan import ContigPlan, Plan
from seqmill.simulate.streams import stream

_WIDTH = 80
_LETTERS = np.frombuffer(b"ACGTN", np.uint8)


def write_reference(plan: Plan, path: str | os.PathLike[str]) -> Path:
    """Write the plan's contigs, drawn or copied, under their new names; give the path.

    Raises
    ------
    InputError
        When a FASTA does not hold the contig asked for, or holds several and none was named.
    """
    target = Path(path)
    with atomic_path(target) as aside, open(aside, "wb") as handle:
        for name, contig in plan.contigs.items():
            handle.write(f">{name}\n".encode())
            handle.writelines(_lines(_sequence(plan.seed, name, contig)))
    target.with_name(target.name + ".fai").unlink(missing_ok=True)
    return target


def _sequence(seed: int, name: str, contig: ContigPlan) -> np.ndarray:
    if contig.random:
        return random_genome(contig.random, stream(seed, "genome", name))
    with Reference(contig.fasta) as source:
        held = source.contigs
        if contig.source not in held and (contig.source or len(held) > 1):
            some = ", ".join(list(held)[:5])
            raise InputError(
                f"contigs.{name}.source: {contig.fasta} holds {len(held)} contigs ({some}) and "
                f"'{contig.source}' is none of them; name one"
            )
        chosen = contig.source or next(iter(held))
        return source.codes(chosen, 0, held[chosen])


def _lines(codes: np.ndarray) -> Iterator[bytes]:
    letters = _LETTERS[codes].tobytes()
    for start in range(0, len(letters), _WIDTH):
        yield letters[start : start + _WIDTH] + b"\n"
