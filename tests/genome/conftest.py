"""Small references written for one test."""

from collections.abc import Callable
from pathlib import Path

import pytest

from seqmill.genome.reference import Reference


@pytest.fixture
def make_reference(tmp_path: Path) -> Callable[..., Reference]:
    """Write contigs (name=bases) as FASTA and open them."""

    def make(**contigs: str) -> Reference:
        path = tmp_path / "reference.fa"
        path.write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs.items()))
        return Reference(path)

    return make
