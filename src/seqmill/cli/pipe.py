"""Work outlives whoever reads its messages."""

import io
import os
import sys
from typing import Any


class _Unread(io.FileIO):
    """A stream that goes silent when nobody reads it any more."""

    def write(self, content: Any) -> int:
        """Write, or drop what nobody reads."""
        try:
            return super().write(content)
        except BrokenPipeError:
            silent = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silent, self.fileno())
            os.close(silent)
            return len(content)


def outlive_reader() -> None:
    """Go on when the reader of stderr is gone.

    A scheduler that stops a job, or Ctrl-C, ends ``tee`` together with the program whose messages it keeps:
    an error about the broken pipe would then take the place of the state that is to be saved.
    """
    stream = io.BufferedWriter(_Unread(2, "w", closefd=False))
    sys.stderr = io.TextIOWrapper(stream, encoding="utf-8", errors="backslashreplace", line_buffering=True)
