"""Errors that a user can act on; the command line prints them without a traceback."""

import difflib
from collections.abc import Iterable


class SeqmillError(Exception):
    """Base of every error that ends a command with one clear message."""

    exit_code = 1


class InputError(SeqmillError):
    """A file, sheet or argument is not what it has to be.

    The message names the file or key, the value found, the value wanted and the next step.
    """

    exit_code = 2


class ConfigErrors(InputError):
    """All mistakes of a configuration at once.

    Parameters
    ----------
    source : str
        The file or command the configuration came from.
    problems : iterable of str
        One sentence for each mistake.
    """

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{source}: {count} problem{'s' if count != 1 else ''}"
        super().__init__("\n".join([head, *(f"  - {problem}" for problem in self.problems)]))


class Interrupted(SeqmillError):
    """Work stopped early with its state saved; running the same command again goes on from there."""

    exit_code = 75


def nearest(word: str, choices: Iterable[str]) -> str:
    """Give `` (did you mean 'x'?)`` for the choice closest to a misspelt word, else an empty string."""
    match = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f" (did you mean '{match[0]}'?)" if match else ""
