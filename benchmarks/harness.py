"""How claims are measured: interleaved, CPU time, best of N, as a ratio to a peer on the same input.

Each file beside this one measures one claim, or a few that share their input. It offers
``claims(*, quick) -> list[Claim]`` and ends with ``main(claims)``, so that it runs alone:

    python benchmarks/FILE.py [--quick] [--json FILE]
"""

import argparse
import gc
import json
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

NOT_INSTALLED = "peer not installed"


@dataclass(frozen=True)
class Case:
    """One thing to time: a name, and a function that does the whole work once."""

    name: str
    run: Callable[[], object]


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One line of the table.

    Attributes
    ----------
    key : str
        Short stable name, unique over all files.
    text : str
        What is claimed, in words.
    ours, peer : float or None
        The two figures in `unit`; None where it could not be measured.
    peer_name : str
        What stands beside us.
    ratio : float or None
        ``ours / peer``.
    goal : float or None
        What the ratio is held against; None where there is no goal.
    higher_is_better : bool
        Whether the ratio has to reach the goal, or stay at or below it.
    unit : str
        Unit of both figures.
    note : str
        Why something was not measured, or what to know of the figure.
    """

    key: str
    text: str
    ours: float | None
    peer: float | None
    peer_name: str
    ratio: float | None
    goal: float | None
    higher_is_better: bool
    unit: str
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None without a ratio or a goal."""
        if self.ratio is None or self.goal is None:
            return None
        return self.ratio >= self.goal if self.higher_is_better else self.ratio <= self.goal

    def line(self) -> str:
        """Give the claim on one line."""
        verdict = {True: "met", False: "MISSED", None: "-"}[self.met]
        shown = "-" if self.ratio is None else f"{self.ratio:.3g}x"
        return (
            f"{self.text}: {figure(self.ours)} {self.unit}, {self.peer_name} {figure(self.peer)}, "
            f"ratio {shown}, goal {self.bound()}, {verdict}" + (f" ({self.note})" if self.note else "")
        )

    def bound(self) -> str:
        """Give the goal with its direction."""
        if self.goal is None:
            return "-"
        return f"{'>=' if self.higher_is_better else '<='} {self.goal:g}x"


def figure(value: float | None) -> str:
    """Give a figure at three digits, in full where it is large."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def claim(
    key: str,
    text: str,
    *,
    ours: float | None,
    peer: float | None,
    peer_name: str,
    goal: float | None,
    unit: str,
    higher_is_better: bool = True,
    note: str = "",
) -> Claim:
    """Hold one figure against another, print the line and give it.

    Parameters
    ----------
    key, text, ours, peer, peer_name, goal, unit, higher_is_better, note
        As in `Claim`. Without a `peer` the line says that the peer is not installed, unless the note
        tells another reason.
    """
    ratio = None if ours is None or peer is None else ours / peer
    if peer is None and not note:
        note = NOT_INSTALLED
    made = Claim(
        key=key,
        text=text,
        ours=ours,
        peer=peer,
        peer_name=peer_name,
        ratio=ratio,
        goal=goal,
        higher_is_better=higher_is_better,
        unit=unit,
        note=note,
    )
    print(made.line(), flush=True)
    return made


def best_peer(rates: Mapping[str, float | None]) -> tuple[str, float | None, str]:
    """Give name and rate of the fastest peer, and a note of those that are not installed (rate None).

    With no peer at all the name lists all that were looked for and the rate is None.
    """
    missing = [name for name, rate in rates.items() if rate is None]
    note = f"{NOT_INSTALLED}: {', '.join(missing)}" if missing else ""
    measured = {name: rate for name, rate in rates.items() if rate is not None}
    if not measured:
        return ", ".join(rates), None, note
    name = max(measured, key=measured.__getitem__)
    return name, measured[name], note


def installed(module: str) -> bool:
    """Say whether a module can be imported, without importing it."""
    return find_spec(module) is not None


def cpu_seconds() -> float:
    """Give the CPU time of this process, all its threads, and its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measure(
    cases: Sequence[Case], *, rounds: int = 5, clock: Callable[[], float] = cpu_seconds
) -> dict[str, float]:
    """Time all cases in turn, round by round, and give the best of each.

    Parameters
    ----------
    cases : sequence of Case
        What to time. A case whose first run compiles or fills caches is none the worse for it.
    rounds : int
        How often each case runs.
    clock : callable
        Seconds; CPU time by default, `time.perf_counter` for wall time.

    Returns
    -------
    dict
        Name -> seconds of the quickest run.
    """
    best = {case.name: float("inf") for case in cases}
    if len(best) != len(cases):
        raise ValueError("two cases have the same name")
    for _ in range(rounds):
        for case in cases:
            gc.collect()
            began = clock()
            case.run()
            best[case.name] = min(best[case.name], clock() - began)
    return best


def main(claims: Callable[..., list[Claim]]) -> None:
    """Run one file's claims from the command line; ``--json`` also writes them down."""
    parser = argparse.ArgumentParser(description="Measure beside peers; only ratios travel between machines.")
    parser.add_argument("--quick", action="store_true", help="little input, for a look or a test")
    parser.add_argument("--json", type=Path, help="write the claims here")
    options = parser.parse_args()
    began = time.perf_counter()
    made = claims(quick=options.quick)
    if options.json:
        seconds = time.perf_counter() - began
        options.json.write_text(json.dumps({"seconds": seconds, "claims": [asdict(one) for one in made]}))
