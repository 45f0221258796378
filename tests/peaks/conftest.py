"""Staged reads as of a ChIP and of its input, and a stand-in for the program that calls peaks."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.peaks import chip
from tests.peaks.stand_in import PEAK, put_program


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """Genome, sites, and staged reads of both kinds of libraries."""
    folder = tmp_path_factory.mktemp("chip")
    sites = chip.write_genome(folder / "genome.fa")
    drawn = {"chip": chip.draw(sites), "input": chip.draw(sites, bound=0, seed=3)}
    for name, fragments in drawn.items():
        for kind in ("paired", "single"):
            chip.write_bam(folder / f"{name}.{kind}.bam", fragments, paired=kind == "paired", sample=name)
    return SimpleNamespace(folder=folder, genome=folder / "genome.fa", sites=sites, drawn=drawn)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Put a stand-in on the PATH; give the file that its arguments are written to."""

    def put(peaks: str = PEAK, *, name: str = "macs3", ends: str = "exit 0") -> Path:
        return put_program(tmp_path / "programs", monkeypatch.setenv, peaks=peaks, name=name, ends=ends)

    return put
