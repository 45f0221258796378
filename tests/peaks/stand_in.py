"""A stand-in for the program that calls peaks, and where the real one is."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

CALLER = next((name for name in ("macs3", "macs2") if shutil.which(name)), None)
"""A real program, where one is installed; both take the same command line and give the same peaks."""

PEAK = "c1\t100\t300\tcalled_peak_1\t50\t.\t4.0\t9.1\t7.2\t80\n"

needs_caller = pytest.mark.skipif(CALLER is None, reason="neither macs3 nor macs2 is on the PATH")


def put_program(
    folder: Path, set_variable: Callable[[str, str], None], *, peaks: str = PEAK, name: str, ends: str
) -> Path:
    """Write a program that gives these peaks and put it first on the PATH.

    Gives the file that its arguments are written to, one a line.
    """
    folder.mkdir()
    (folder / "peaks").write_text(peaks)
    script = folder / name
    script.write_text(
        f"#!/bin/sh\nif [ $1 = --version ]; then echo {name} 9.9; exit; fi\n"
        f'printf "%s\\n" "$@" > {folder}/words\nfor word; do out=$word; done\n'
        f"cp {folder}/peaks $out/called_peaks.narrowPeak\n"
        f"echo '# d = 175' > $out/called_peaks.xls\n{ends}\n"
    )
    script.chmod(0o755)
    set_variable("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "words"
