"""Whether a run that was made again is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

IDENTICAL = "identical"
WITHIN = "equal within the seed spread"
DIFFERENT = "different"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One metric of both runs.

    Attributes
    ----------
    metric : str
        Its name.
    recorded, reproduced : float
        Its two values.
    spread : float or None
        Largest difference between two seeds of the experiment as recorded; None with fewer than two.
    seeds : int
        Seeds that were recorded.
    """

    metric: str
    recorded: float
    reproduced: float
    spread: float | None
    seeds: int

    @property
    def difference(self) -> float:
        """Reproduced minus recorded."""
        return self.reproduced - self.recorded

    @property
    def within(self) -> bool:
        """Whether the difference is no larger than the spread."""
        return self.difference == 0 or (self.spread is not None and abs(self.difference) <= self.spread)

    def plain(self) -> dict[str, Any]:
        """Give it as plain values."""
        return asdict(self) | {"difference": self.difference, "within": self.within}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of weights, predictions and metrics.

    Attributes
    ----------
    weights, predictions : tuple of str
        Digests, recorded and reproduced; predictions are empty where the run was never evaluated.
    metrics : tuple of Compared
        The primary metrics.
    """

    weights: tuple[str, str]
    predictions: tuple[str, str] = ("", "")
    metrics: tuple[Compared, ...] = ()

    @property
    def name(self) -> str:
        """``identical``, ``equal within the seed spread`` or ``different``."""
        if self.weights[0] == self.weights[1] and self.predictions[0] == self.predictions[1]:
            return IDENTICAL
        return WITHIN if self.metrics and all(row.within for row in self.metrics) else DIFFERENT

    def text(self) -> str:
        """Say it with the figures."""
        lines = [_digests("weights", self.weights)]
        lines.append(
            _digests("predictions", self.predictions)
            if any(self.predictions)
            else "predictions  not compared: the run was never evaluated"
        )
        if self.metrics:
            seeds = self.metrics[0].seeds
            spread = f"spread ({seeds} seed{'s' if seeds > 1 else ''})"
            head = ("metric", "recorded", "reproduced", "difference", spread)
            lines += ["", _HEAD.format(*head)]
            lines += [_figures(row) for row in self.metrics]
            if seeds < 2 and self.name == DIFFERENT:
                lines.append("no other seed of this experiment is known, so that its spread is not")
        return "\n".join([*lines, "", f"verdict: {self.name}"]) + "\n"

    def plain(self) -> dict[str, Any]:
        """Give it as plain values."""
        return {
            "verdict": self.name,
            "weights": dict(zip(("recorded", "reproduced"), self.weights, strict=True)),
            "predictions": dict(zip(("recorded", "reproduced"), self.predictions, strict=True)),
            "metrics": [row.plain() for row in self.metrics],
        }


def compare_metrics(
    recorded: Mapping[str, float], reproduced: Mapping[str, float], others: Sequence[Mapping[str, float]]
) -> tuple[Compared, ...]:
    """Set the metrics of both runs against the spread over seeds.

    Parameters
    ----------
    recorded, reproduced : mapping
        Metric -> value, of the run and of its reproduction.
    others : sequence of mapping
        The same of the experiment's other seeds.
    """
    rows = []
    for name in sorted(recorded.keys() & reproduced.keys()):
        values = [recorded[name], *(other[name] for other in others if name in other)]
        rows.append(
            Compared(
                metric=name,
                recorded=recorded[name],
                reproduced=reproduced[name],
                spread=max(values) - min(values) if len(values) > 1 else None,
                seeds=len(values),
            )
        )
    return tuple(rows)


_HEAD = "{:40s} {:>10s} {:>10s} {:>11s} {:>18s}"


def _digests(what: str, pair: tuple[str, str]) -> str:
    if pair[0] == pair[1]:
        return f"{what:12s} identical, {pair[0][:16]}"
    return f"{what:12s} different, {pair[0][:16] or 'none'} recorded, {pair[1][:16] or 'none'} reproduced"


def _figures(row: Compared) -> str:
    spread = "unknown" if row.spread is None else f"{row.spread:.6f}"
    return _HEAD.format(
        row.metric, f"{row.recorded:.6f}", f"{row.reproduced:.6f}", f"{row.difference:+.6f}", spread
    )
