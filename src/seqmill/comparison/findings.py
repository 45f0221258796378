"""Sentences that say plainly what the numbers show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from seqmill.comparison.leaderboard import rank
from seqmill.comparison.numbers import percent, plural
from seqmill.comparison.paired import Difference, Verdict
from seqmill.comparison.runs import Caller

Tone = Literal["good", "mixed", "bad", "note"]


@dataclass(frozen=True)
class Finding:
    """One sentence and whether it is good news for the models."""

    tone: Tone
    text: str


def find(
    callers: Sequence[Caller], differences: Sequence[Difference], labels: Mapping[str, Any]
) -> list[tuple[str, list[Finding]]]:
    """Give the findings of a comparison by heading, the most important first.

    Parameters
    ----------
    callers : sequence of Caller
        Experiments and baselines.
    differences : sequence of Difference
        What `paired.compare` found between them.
    labels : mapping
        The dataset's label report.
    """
    headed = [
        ("Against the baselines: allele F1", [*_ranking(callers), *_against(differences, "allele")]),
        ("Against the baselines: genotype F1", _against(differences, "genotype")),
        ("Between experiments: allele F1", _between(differences)),
        (
            "Seeds, calibration and the reach of the data",
            [*_seeds(callers), *_calibration(callers), *_ceiling(labels)],
        ),
    ]
    return [(heading, found) for heading, found in headed if found]


def _ranking(callers: Sequence[Caller]) -> list[Finding]:
    rows = rank(callers, "allele", "f1")
    best = rows[0]
    cells = f"mean allele F1 over {plural(len(best.entries), 'cell')}, {best.mean:.4f}"
    if best.caller.baseline:
        return [Finding("bad", f"No model leads: the baseline {best.caller.name} has the highest {cells}.")]
    return [Finding("good", f"{best.caller.name} has the highest {cells}.")]


def _against(differences: Sequence[Difference], level: str) -> list[Finding]:
    return [
        _against_baseline(a, b, pair)
        for (a, b), pair in _pairs(differences, level)
        if pair[0].against_baseline
    ]


def _between(differences: Sequence[Difference]) -> list[Finding]:
    return [
        Finding("note", f"{a} against {b}: {_tally(pair)}.")
        for (a, b), pair in _pairs(differences, "allele")
        if not pair[0].against_baseline
    ]


def _pairs(differences: Sequence[Difference], level: str) -> list[tuple[tuple[str, str], list[Difference]]]:
    at_level = [difference for difference in differences if difference.level == level]
    return [(pair, list(group)) for pair, group in groupby(at_level, key=lambda one: (one.a, one.b))]


def _against_baseline(a: str, b: str, pair: Sequence[Difference]) -> Finding:
    word = f"{pair[0].level} F1"
    below, tied = (_cells(pair, verdict) for verdict in ("below", "tie"))
    if not below and not tied:
        return Finding("good", f"{a} is above {b} in {word} in every cell ({len(pair)} of {len(pair)}).")
    lacking = [
        f"{part} in {', '.join(cells)}" for part, cells in (("ties", tied), ("is below", below)) if cells
    ]
    above = len(pair) - len(tied) - len(below)
    lead = f"It is above in {above} of {len(pair)}." if above else "It is above in none."
    return Finding(
        "bad" if below else "mixed",
        f"{a} does not beat {b} in {word} in {len(pair) - above} of {len(pair)} cells: "
        f"it {' and '.join(lacking)}. {lead}",
    )


def _seeds(callers: Sequence[Caller]) -> list[Finding]:
    single = [caller.name for caller in callers if not caller.baseline and len(caller.runs) == 1]
    if not single:
        return []
    verb, their = ("was", "its") if len(single) == 1 else ("were", "their")
    names = ", ".join(single)
    return [Finding("mixed", f"{names} {verb} trained with one seed: {their} spread over seeds is unknown.")]


def _calibration(callers: Sequence[Caller]) -> list[Finding]:
    found = []
    for caller in callers:
        reports = [run.curves["calibration"] for run in caller.runs if run.curves.get("calibration")]
        if not reports:
            continue
        before, after = (
            sum(report[when]["ece"] for report in reports) / len(reports) for when in ("before", "after")
        )
        verb = "lowers" if after < before else "does not lower"
        found.append(
            Finding(
                "good" if after < before else "bad",
                f"A temperature fitted on validation {verb} the calibration error of {caller.name}: "
                f"{before:.4f} before, {after:.4f} after.",
            )
        )
    return found


def _ceiling(labels: Mapping[str, Any]) -> list[Finding]:
    counts = labels.get("counts", {})
    reached = counts.get("truth_reached", 0)
    missed = sum(n for name, n in counts.items() if name.startswith("truth_missed"))
    if not reached + missed:
        return []
    return [
        Finding(
            "note",
            f"Candidates reach {percent(reached, reached + missed)} of the {reached + missed:,} truth "
            "alleles of the dataset; no network can recall more of them.",
        )
    ]


def _cells(pair: Sequence[Difference], verdict: Verdict) -> list[str]:
    return [difference.cell for difference in pair if difference.verdict == verdict]


def _tally(pair: Sequence[Difference]) -> str:
    parts = [(verdict, len(_cells(pair, verdict))) for verdict in ("above", "tie", "below")]
    words = {"above": "above in", "tie": "tied in", "below": "below in"}
    said = [f"{words[verdict]} {n}" for verdict, n in parts if n]
    return f"{', '.join(said)} of {plural(len(pair), 'cell')}"
