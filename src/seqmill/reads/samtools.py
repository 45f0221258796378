"""samtools commands inside this process, through pysam."""

from pathlib import Path
from typing import Any

import pysam

from seqmill.errors import SeqmillError


def samtools(command: str, *arguments: str | Path, into: Path | None = None) -> str:
    """Run one samtools command.

    Parameters
    ----------
    command : str
        Its name, such as ``sort``.
    arguments : str or Path
        Its arguments; with ``-o`` nothing is caught from what it prints.
    into : Path, optional
        A file that takes what the command prints; view writes with ``-o`` instead.

    Returns
    -------
    str
        What the command printed, or an empty string.

    Raises
    ------
    SeqmillError
        When the command fails; the message holds its last line.
    """
    options: dict[str, Any] = {"catch_stdout": "-o" not in arguments}
    if into is not None:
        options = {"save_stdout": str(into)}
    verbosity = pysam.set_verbosity(0)
    try:
        return getattr(pysam, command)(*map(str, arguments), **options) or ""
    except pysam.SamtoolsError as error:
        words = str(error).strip("'\"").partition("stderr=")[2].replace("\\n", "\n").strip().splitlines()
        raise SeqmillError(f"samtools {command}: {words[-1] if words else 'failed'}") from None
    finally:
        pysam.set_verbosity(verbosity)
