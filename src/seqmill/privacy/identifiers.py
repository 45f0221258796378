"""A list of identifiers, and whether one of them is in a text."""

import re
from collections.abc import Iterable
from pathlib import Path

from seqmill.errors import InputError

SHORTEST = 4
"""Characters of an identifier at least: shorter ones would be found by chance."""

SHORT_NUMBER = 7
"""Digits from which an identifier of digits alone is found beside letters, and in columns of numbers."""

_BESIDE = 2  # bytes beside an identifier that tell whether it stands whole
_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")


class Identifiers:
    """Identifiers to look for, whatever the case of their letters.

    An identifier is found where it stands whole: where it begins or ends with a letter no further letter may
    stand there, and where with a digit no digit. So ``ada`` is in ``ada_1.bam`` and not in ``metadata``.
    Fewer than `SHORT_NUMBER` digits and nothing else are found where they are all of a number or word:
    ``4711`` is in ``id_4711`` and ``(4711)``, not in ``0.4711``, nor in ``a4711c`` of a checksum.

    Parameters
    ----------
    lines : dict
        Line of the list, from 1 -> identifier.
    """

    def __init__(self, lines: dict[int, str]) -> None:
        self._patterns = {
            number: (variants(text), re.compile(_bounded(text).encode(), re.IGNORECASE))
            for number, text in lines.items()
        }
        self._lines = lines
        self.longest = max((len(one) for kinds, _ in self._patterns.values() for one in kinds), default=0)

    def __len__(self) -> int:
        return len(self._lines)

    def within(self, text: bytes, *, first: bool = True, last: bool = True) -> set[int]:
        """Give the lines of the identifiers that a text (UTF-8) holds.

        Where the text is not the `first` or `last` piece of a longer one, an identifier at that edge is left
        to the piece that shows what stands beside it.
        """
        lowered = text.lower()
        return {
            number
            for number, (kinds, pattern) in self._patterns.items()
            if any(kind in lowered for kind in kinds)
            and any(
                (first or found.start() >= _BESIDE) and (last or found.end() + _BESIDE <= len(text))
                for found in pattern.finditer(text)
            )
        }

    def within_pieces(self, pieces: Iterable[bytes]) -> set[int]:
        """Give the lines of the identifiers that a text holds, which comes in pieces."""
        found: set[int] = set()
        kept, first = b"", True
        overlap = self.longest + 2 * _BESIDE - 1
        for piece in pieces:
            joined = kept + piece
            found |= self.within(joined, first=first, last=False)
            if len(joined) > overlap:
                kept, first = joined[-overlap:], False
            else:
                kept = joined
        return found | self.within(kept, first=first)

    def masked(self, text: str) -> str:
        """Give a text, such as the name of a file, with each identifier in it replaced by stars."""
        for identifier in self._lines.values():
            text = re.sub(re.escape(identifier), "***", text, flags=re.IGNORECASE)
        return text

    def told(self, number: int) -> str:
        """Name an identifier without telling it: by its line in the list, and how long it is."""
        return f"line {number} ({'*' * len(self._lines[number])})"


def read_identifiers(path: Path) -> Identifiers:
    """Read a list: one identifier on a line; empty lines and those that begin with ``#`` are skipped.

    Raises
    ------
    InputError
        When there is no such file, it is empty, or an identifier is too short; none of them is told.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such list of identifiers")
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        raise InputError(f"{path}: found other bytes than UTF-8, wanted text") from None
    lines = {
        number: line.strip()
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and not line.startswith("#")
    }
    if not lines:
        raise InputError(f"{path}: found no identifier, wanted one on a line")
    short = [number for number, one in lines.items() if len(one) < SHORTEST]
    if short:
        raise InputError(
            f"{path}, line {short[0]}: found {len(lines[short[0]])} characters, wanted {SHORTEST} at least; "
            "shorter ones are found by chance"
        )
    return Identifiers(lines)


def variants(text: str) -> tuple[bytes, ...]:
    """Give a text as bytes that `bytes.lower` may make of it: it leaves letters beyond ASCII as they are."""
    return tuple(sorted({kind.encode().lower() for kind in (text, text.lower(), text.upper(), text.title())}))


def _bounded(text: str) -> str:
    if text.isascii() and text.isdigit() and len(text) < SHORT_NUMBER:
        return rf"(?<![0-9A-Za-z])(?<![0-9]\.){text}(?![0-9A-Za-z])(?!\.[0-9])"
    kinds = "|".join(sorted({re.escape(kind) for kind in (text, text.lower(), text.upper(), text.title())}))
    return f"{_edge(text[0], '<!')}(?:{kinds}){_edge(text[-1], '!')}"


def _edge(character: str, look: str) -> str:
    """Give what may not stand beside an identifier that begins or ends with a character."""
    if _DIGIT.match(character):
        return f"(?{look}[0-9])"
    return f"(?{look}[A-Za-z])" if _LETTER.match(character) else ""
