"""Sentences that say plainly what the numbers show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from seqmill.comparison.cells import in_words
from seqmill.comparison.inputs import truth_counts
from seqmill.comparison.leaderboard import best_of, rank
from seqmill.comparison.numbers import MEASURES, percent, plural
from seqmill.comparison.paired import Difference, by_pair
from seqmill.comparison.runs import Caller, leading, levels_of
from seqmill.comparison.strata import StratumDifference

Tone = Literal["good", "mixed", "bad", "note"]

_LEVELS = 2
"""So many levels are spoken of, the leading ones."""

_NAMED = 6


@dataclass(frozen=True)
class Finding:
    """One sentence, its first words apart, and whether it is good news for the models."""

    tone: Tone
    lead: str
    text: str


def find(
    callers: Sequence[Caller],
    differences: Sequence[Difference],
    labels: Mapping[str, Any],
    strata: Sequence[StratumDifference] = (),
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
    strata : sequence of StratumDifference
        What `strata.compare_strata` found.
    """
    first, measure = leading(callers)
    levels = [(level, measures[0]) for level, measures in levels_of(callers).items()][:_LEVELS]
    headed = [
        (
            f"Against the baselines: {level} {MEASURES[of_level]}",
            [*(_ranking(callers) if level == first else ()), *_against(differences, level, of_level)],
        )
        for level, of_level in levels
    ]
    headed += [
        (f"Between experiments: {first} {MEASURES[measure]}", _between(differences, first, measure)),
        (f"Where they win and lose: {first} {MEASURES[measure]}", _strata(strata, first)),
        (
            "Seeds, calibration and the reach of the data",
            [*_seeds(callers), *_calibration(callers), *_ceiling(labels), *_bounds(callers)],
        ),
    ]
    return [(heading, found) for heading, found in headed if found]


def _ranking(callers: Sequence[Caller]) -> list[Finding]:
    level, measure = leading(callers)
    best = best_of(rank(callers, level, measure))
    name = f"{level} {MEASURES[measure]}"
    where = f"the highest mean {name} over {plural(len(best.entries), 'cell')}, {best.mean:.4f}."
    if best.caller.baseline:
        return [Finding("bad", "No model leads:", f"the baseline {best.caller.name} has {where}")]
    return [Finding("good", f"{best.caller.name} leads:", f"it has {where}")]


def _against(differences: Sequence[Difference], level: str, measure: str) -> list[Finding]:
    return [
        _against_baseline(a, b, pair)
        for (a, b), pair in _pairs(differences, level, measure)
        if pair[0].against_baseline
    ]


def _between(differences: Sequence[Difference], level: str, measure: str) -> list[Finding]:
    return [
        Finding("note", f"{a} against {b}:", f"{_tally(pair)}.")
        for (a, b), pair in _pairs(differences, level, measure)
        if not pair[0].against_baseline
    ]


def _strata(strata: Sequence[StratumDifference], level: str) -> list[Finding]:
    """Say for each pair which strata it wins and loses for certain."""
    found = []
    for (a, b), group in groupby(strata, key=lambda one: (one.a, one.b)):
        pair = [one for one in group if one.level == level]
        won, lost = (
            [
                f"{one.group} {one.stratum.replace('_', ' ')} {one.of}"
                for one in pair
                if one.firm and one.verdict == side
            ]
            for side in ("above", "below")
        )
        said = [f"{word} in {_few(names)}." for word, names in (("above", won), ("below", lost)) if names]
        if said:
            found.append(Finding("bad" if lost else "good", f"{a} against {b}, corrected:", " ".join(said)))
    return found


def _few(names: Sequence[str]) -> str:
    shown = "; ".join(names[:_NAMED])
    return shown + (f"; and {plural(len(names) - _NAMED, 'other')}" if len(names) > _NAMED else "")


def _pairs(
    differences: Sequence[Difference], level: str, measure: str
) -> list[tuple[tuple[str, str], list[Difference]]]:
    return by_pair([one for one in differences if (one.level, one.measure) == (level, measure)])


def _against_baseline(a: str, b: str, pair: Sequence[Difference]) -> Finding:
    cells = {
        verdict: [difference.cell for difference in pair if difference.verdict == verdict]
        for verdict in ("above", "tie", "below")
    }
    if len(cells["above"]) == len(pair):
        return Finding("good", f"{a} beats {b} in every cell", f"({len(pair)} of {len(pair)}).")
    words = {"below": "It is below in", "tie": "It ties in", "above": "It is above in"}
    said = [f"{words[verdict]} {_where(cells[verdict], len(pair))}." for verdict in words if cells[verdict]]
    short = len(pair) - len(cells["above"])
    return Finding(
        "bad" if cells["below"] else "mixed",
        f"{a} does not beat {b} in {short} of {plural(len(pair), 'cell')}.",
        " ".join(said),
    )


def _where(cells: Sequence[str], of: int) -> str:
    return "every cell" if len(cells) == of else f"{len(cells)} ({in_words(cells)})"


def _seeds(callers: Sequence[Caller]) -> list[Finding]:
    return [
        Finding(
            "mixed",
            f"{caller.name} was trained with one seed:",
            "its spread over seeds is unknown. "
            "What is said of it holds for these weights, not for training it again.",
        )
        for caller in callers
        if caller.runs[0].training and len(caller.runs) == 1
    ]


def _calibration(callers: Sequence[Caller]) -> list[Finding]:
    found = []
    for caller in callers:
        reports = [run.curves["calibration"] for run in caller.runs if run.curves.get("calibration")]
        if not reports:
            continue
        before, after = (
            sum(report[when]["ece"] for report in reports) / len(reports) for when in ("before", "after")
        )
        better = after < before
        found.append(
            Finding(
                "good" if better else "mixed",
                f"A temperature fitted on validation {'lowers' if better else 'does not lower'}",
                f"the calibration error of {caller.name}: {before:.4f} before, {after:.4f} after.",
            )
        )
    return found


def _ceiling(labels: Mapping[str, Any]) -> list[Finding]:
    reached, missed = (sum(counts.values()) for counts in truth_counts(labels))
    if not reached + missed:
        return []
    share = percent(reached, reached + missed)
    return [
        Finding(
            "note",
            f"Candidates reach {share} of the {reached + missed:,} truth alleles of the dataset:",
            "no network can recall the others.",
        )
    ]


def _bounds(callers: Sequence[Caller]) -> list[Finding]:
    """Say what bounds tell beyond the measures that all callers have."""
    known = tuple(f"{measure}." for measure in MEASURES)
    return [
        Finding(
            "note",
            f"{caller.name} bounds what can be reached:",
            f"its {row['metric'].replace('_', ' ')} is {row['value']:.4f} "
            f"({row['low']:.4f} to {row['high']:.4f}).",
        )
        for caller in callers
        if caller.bound
        for row in caller.runs[0].scored["metrics"]
        if not row["metric"].startswith(known) and row["low"] is not None
    ]


def _tally(pair: Sequence[Difference]) -> str:
    words = {"above": "above in", "tie": "tied in", "below": "below in"}
    counts = {verdict: sum(difference.verdict == verdict for difference in pair) for verdict in words}
    said = [f"{words[verdict]} {n}" for verdict, n in counts.items() if n]
    return f"{', '.join(said)} of {plural(len(pair), 'cell')}"
