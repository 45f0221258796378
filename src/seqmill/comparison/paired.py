"""Paired differences between callers, and what they allow to say."""

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations, groupby
from typing import Any, TypeVar

import numpy as np

from seqmill.comparison.runs import Caller, Key, cells_of, levels_of
from seqmill.evaluation.bootstrap import Resampled
from seqmill.evaluation.measures import family_of
from seqmill.evaluation.multiplicity import holm
from seqmill.evaluation.paired import ALPHA, PairedTest, Side, Verdict, paired_test
from seqmill.files import atomic_path

COLUMNS = (
    "a",
    "b",
    "measure",
    "level",
    "cell",
    "value",
    "low",
    "high",
    "effect",
    "scale",
    "test",
    "p",
    "p_holm",
    "verdict",
    "firm",
    "n",
    "wins",
    "losses",
    "seeds_a",
    "seeds_b",
    "share_of_seeds",
)


@dataclass(frozen=True, kw_only=True)
class Judged(PairedTest):
    """One caller minus another, tested beside other pairs.

    Attributes
    ----------
    a, b : str
        The two callers.
    against_baseline : bool
        Whether `b` is a baseline.
    level, measure : str
        What had to agree, and how it is measured.
    p_holm : float
        The p-value when all that one table shows of a level and measure is judged together (Holm 1979).
    """

    a: str
    b: str
    against_baseline: bool
    level: str
    measure: str
    p_holm: float = 1.0

    @property
    def firm(self) -> bool:
        """Whether the verdict holds when all are judged together."""
        return self.verdict != "tie" and self.p_holm <= ALPHA


_J = TypeVar("_J", bound=Judged)


@dataclass(frozen=True, kw_only=True)
class Difference(Judged):
    """One caller minus another in one cell, seeds averaged, items paired.

    Attributes
    ----------
    cell : str
        Which items.
    """

    cell: str


def compare(callers: Sequence[Caller]) -> list[Difference]:
    """Compare each experiment with every baseline and with the other experiments, in every cell.

    Parameters
    ----------
    callers : sequence of Caller
        As `load_callers` gives them.

    Returns
    -------
    list of Difference
        By level, measure, pair and cell; pairs with a baseline first.
    """
    found: list[Difference] = []
    for level, measures in levels_of(callers).items():
        for measure in (measure for measure in measures if measure in family_of(measure).tested):
            found += together(
                difference(a, b, (cell, level, measure))
                for a, b in pairs(callers)
                for cell in cells_of([a, b])
                if (cell, level, measure) in a.resampled.keys() & b.resampled.keys()
            )
    return found


def pairs(callers: Sequence[Caller]) -> Iterator[tuple[Caller, Caller]]:
    """Give each experiment with every baseline but those that are bounds, then every two experiments."""
    models = [caller for caller in callers if not caller.baseline]
    baselines = [caller for caller in callers if caller.baseline and not caller.bound]
    yield from ((model, baseline) for model in models for baseline in baselines)
    yield from combinations(models, 2)


def difference(a: Caller, b: Caller, key: Key) -> Difference:
    """Test one caller against another in one cell, for itself."""
    cell, level, measure = key
    return Difference(**judged(a, b, (a.side(key), b.side(key)), level, measure), cell=cell)


def judged(a: Caller, b: Caller, sides: Sequence[Side], level: str, measure: str) -> dict[str, Any]:
    """Test one caller against another on the items of `sides`, for itself; give the fields of `Judged`."""
    first, second = sides
    found = paired_test(first, second, level, measure)
    return {field.name: getattr(found, field.name) for field in fields(found)} | {
        "a": a.name,
        "b": b.name,
        "against_baseline": b.baseline,
        "level": level,
        "measure": measure,
        "p_holm": found.p,
    }


def together(differences: Iterable[_J]) -> list[_J]:
    """Judge tests together: give them with `p_holm` set."""
    judged = list(differences)
    adjusted = holm([one.p for one in judged])
    return [replace(one, p_holm=float(p)) for one, p in zip(judged, adjusted, strict=True)]


def apart(first: Resampled, second: Resampled) -> Verdict:
    """Say on which side of zero the paired interval over items lies, without any further judgement."""
    estimate = first.minus(second).interval()
    if estimate.low > 0:
        return "above"
    return "below" if estimate.high < 0 else "tie"


def by_pair(differences: Sequence[Difference]) -> list[tuple[tuple[str, str], list[Difference]]]:
    """Group differences that are in order by the callers compared."""
    return [(pair, list(group)) for pair, group in groupby(differences, key=lambda one: (one.a, one.b))]


def write_paired(path: str | os.PathLike[str], differences: Sequence[Difference]) -> None:
    """Write the differences as tab-separated text with `COLUMNS`, atomically."""
    write_tests(path, COLUMNS, differences)


def write_tests(path: str | os.PathLike[str], columns: Sequence[str], tests: Sequence[Any]) -> None:
    """Write the named fields of tests as tab-separated text, atomically."""
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print(*columns, sep="\t", file=handle)
        for one in tests:
            print(*(_text(_field(one, column)) for column in columns), sep="\t", file=handle)


def _field(one: Any, column: str) -> object:
    if column in ("seeds_a", "seeds_b"):
        return one.seeds[column == "seeds_b"]
    return getattr(one, column)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float | np.floating):
        return "" if math.isnan(value) else f"{value:.6g}"
    return str(value).lower() if isinstance(value, bool) else str(value)
