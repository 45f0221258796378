"""Remarks that a user should see although nothing failed."""

import sys


def notice(text: str) -> None:
    """Print one remark on stderr."""
    print(f"note: {text}", file=sys.stderr, flush=True)
