"""One self-contained page over all runs of a dataset."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup
from plotly.offline import get_plotlyjs

from seqmill.comparison import findings, inputs, provenance
from seqmill.comparison.beside import beside
from seqmill.comparison.cells import grouped
from seqmill.comparison.compared import Compared
from seqmill.comparison.dag import draw
from seqmill.comparison.explanations import explanation_nodes, explanation_views
from seqmill.comparison.flow import flow
from seqmill.comparison.leaderboard import best_of, rank
from seqmill.comparison.numbers import MEASURES, plural
from seqmill.comparison.plots.agreement import plot_agreement
from seqmill.comparison.plots.calibration import plot_calibration
from seqmill.comparison.plots.cells import plot_cells
from seqmill.comparison.plots.depth import plot_depth
from seqmill.comparison.plots.learning import plot_learning
from seqmill.comparison.plots.parts import Figure
from seqmill.comparison.plots.precision_recall import plot_precision_recall
from seqmill.comparison.plots.strata import plot_strata
from seqmill.comparison.plots.sweep import plot_sweep
from seqmill.comparison.privacy import privacy_view
from seqmill.comparison.runs import Caller, cells_of, leading, levels_of
from seqmill.comparison.style import looks
from seqmill.comparison.tables import board, paired_table, strata_table
from seqmill.files import atomic_path, program_version
from seqmill.origin import KEY, Node, embed, settled, this_step
from seqmill.pages.render import render, script
from seqmill.shards.manifest import Manifest

_SECTIONS = (
    ("findings", "Findings"),
    ("leaderboard", "Leaderboard"),
    ("differences", "Differences"),
    ("strata", "Strata"),
    ("curves", "Precision and recall"),
    ("agreement", "Predicted and observed"),
    ("calibration", "Calibration"),
    ("training", "Training"),
    ("privacy", "Privacy"),
    ("cost", "Cost"),
    ("sweeps", "Sweeps"),
    ("explanations", "What it looks at"),
    ("contrasts", "What differs"),
    ("dataset", "Dataset"),
    ("reads", "Reads"),
    ("made", "How it was made"),
)
_OWN_NAME = ("strata", "curves", "agreement", "calibration", "training", "reads", "privacy")
_MAY_BE_ABSENT = {
    **{name: name for name in _OWN_NAME},
    **{"cost": "costs", "sweeps": "sweeps", "contrasts": "contrasts", "explanations": "explanations"},
}
"""Section -> the part of the view without which it is left out."""


def write_report(
    path: str | os.PathLike[str],
    *,
    compared: Compared,
    manifest: Manifest,
    labels: Mapping[str, Any],
    read_reports: Sequence[Mapping[str, Any]],
    command: Sequence[str],
    explanations: Sequence[Path] = (),
    git_commit: str | None = None,
) -> None:
    """Write the report as one HTML file that needs no network, atomically.

    Parameters
    ----------
    path : path
        The file to write.
    compared : Compared
        What is reported.
    manifest : Manifest
        The dataset all of them were scored on; of several the one the report is about.
    labels : mapping
        Its label report.
    read_reports : sequence of mapping
        One for each sample.
    command : sequence of str
        The command line that writes the report.
    explanations : sequence of Path
        ``explain.json`` of each explanation of the registered model.
    git_commit : str, optional
        Commit of the working tree, for the provenance.
    """
    page = _page(compared, manifest, labels, read_reports, explanation_views(explanations, Path(path).parent))
    page |= {
        "facts": provenance.facts(manifest, git_commit=git_commit),
        "commands": provenance.commands(compared.callers, manifest, command),
    }
    text = render("seqmill.comparison", "report.html.j2", plotly=Markup(get_plotlyjs()), **page)
    with atomic_path(path) as aside:
        aside.write_text(
            embed(text, _origin(compared.callers, manifest, text, explanation_nodes(explanations)))
        )


def _origin(callers: Sequence[Caller], manifest: Manifest, text: str, explanations: Sequence[Node]) -> Node:
    """Give the page with what it was made of, but for its own place."""
    scored = [
        settled(Node.from_dict(run.scored[KEY], source=run.path), run.path / "metrics.json")
        for caller in callers
        for run in caller.runs
        if KEY in run.scored
    ]
    return Node(
        kind="report",
        name="report",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        of="content",
        step=this_step(),
        parents=(*scored, *explanations, manifest.origin),
    )


def _page(
    compared: Compared,
    manifest: Manifest,
    labels: Mapping[str, Any],
    read_reports: Sequence[Mapping[str, Any]],
    explanations: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    callers, differences = compared.callers, compared.differences
    order = cells_of(callers)
    views, figures = _plotted(callers, order, read_reports)
    views |= beside(compared) | {"explanations": explanations}
    views["privacy"] = privacy_view(callers, manifest.path)
    first = leading(callers)
    for sweep in compared.sweeps:
        figures["sweep", sweep.name] = plot_sweep(sweep, level=first[0], measure=first[1])
    levels = levels_of(callers)
    ranked = {
        (level, measure): rank(callers, level, measure)
        for level, measures in levels.items()
        for measure in measures
    }
    tested = dict.fromkeys((one.level, one.measure) for one in differences)
    for (level, measure), rows in ranked.items():
        for heading, figure in plot_cells(rows, order, axis=f"{level} {MEASURES[measure]}").items():
            figures["cells", level, measure, heading] = figure
    further, runs = provenance.run_table(callers)
    nodes, edges = flow(
        callers, manifest.splits, examples=sum(labels["rows"].values()), dataset=manifest.dataset
    )
    absent = {anchor for anchor, view in _MAY_BE_ABSENT.items() if not views[view]}
    return views | {
        "title": manifest.dataset,
        "subtitle": _subtitle(callers),
        "tiles": _tiles(callers, manifest, labels),
        "sections": [(anchor, text) for anchor, text in _SECTIONS if anchor not in absent],
        "findings": findings.find(callers, differences, labels, compared.strata),
        "looks": looks(callers),
        "looks_script": script(looks(callers)),
        "first": first,
        "levels": _named(levels),
        "measures": _titled(measure for _, measure in ranked),
        "tested_measures": _titled(measure for _, measure in tested),
        "boards": [
            board(rows, order, level=level, measure=measure) for (level, measure), rows in ranked.items()
        ],
        "headings": [heading for heading, _ in grouped(order)],
        "paired": [
            paired_table(differences, order, level=level, measure=measure) for level, measure in tested
        ],
        "won": [
            {"level": level, "pairs": strata_table(compared.strata, level=level)}
            for level in dict.fromkeys(one.level for one in compared.strata)
        ],
        "labels": inputs.label_view(manifest, labels),
        "dag": Markup(draw(nodes, edges)),
        "runs": runs,
        "further": further,
        "configs": provenance.configs(callers),
        "version": program_version(),
        "figures": script({"|".join(key): figure for key, figure in figures.items()}),
    }


def _plotted(
    callers: Sequence[Caller], order: Sequence[str], read_reports: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], dict[tuple[str, ...], Figure]]:
    """Give the template's view of each plotted section, empty where there is nothing, and the figures."""
    strata, curves = plot_strata(callers), plot_precision_recall(callers)
    agreement = plot_agreement(callers)
    calibration, learning = plot_calibration(callers), plot_learning(callers)
    shares = {report["sample"]: inputs.depth_shares(report) for report in read_reports}
    depths = {sample: of_sample for sample, of_sample in shares.items() if of_sample}
    figures: dict[tuple[str, ...], Figure] = {
        **{("strata", *key): figure for key, figure in strata.items()},
        **{("curves", *key): figure for key, figure in curves.items()},
        **{("agreement", *key): figure for key, figure in agreement.items()},
        **{("calibration", name): figure for name, figure in calibration.items()},
        **{("training", name): figure for name, figure in learning.items()},
        **({("depth",): plot_depth(depths)} if depths else {}),
    }
    by_name = {caller.name: caller for caller in callers}
    views = {
        "strata": strata
        and {
            "levels": _named(key[0] for key in strata),
            "strata": [(name, name.replace("_", " ")) for name in _telling(strata)],
            "cells": _choices(order, {key[2] for key in strata}),
        },
        "curves": curves
        and {
            "levels": _named(key[0] for key in curves),
            "cells": _choices(order, {key[1] for key in curves}),
        },
        "agreement": agreement
        and {
            "levels": _named(key[0] for key in agreement),
            "cells": _choices(order, {key[1] for key in agreement}),
        },
        "calibration": [_calibrated(by_name[name]) for name in calibration],
        "training": [{"name": name, "note": _trained(by_name[name])} for name in learning],
        "reads": inputs.reads_view(read_reports),
        "has_depth": bool(depths),
    }
    return views, figures


def _telling(strata: Mapping[tuple[str, str, str], Figure]) -> list[str]:
    """Name the strata, those that split most cells first."""
    split = Counter({key[1]: 0 for key in strata})
    split.update(key[1] for key, figure in strata.items() if len(figure["layout"]["xaxis"]["ticktext"]) > 1)
    return [name for name, _ in split.most_common()]


def _named(levels: Iterable[str]) -> list[tuple[str, str]]:
    return [(level, level.replace("_", " ").capitalize()) for level in dict.fromkeys(levels)]


def _titled(measures: Iterable[str]) -> list[tuple[str, str]]:
    return [
        (measure, MEASURES[measure][0].upper() + MEASURES[measure][1:]) for measure in dict.fromkeys(measures)
    ]


def _choices(order: Sequence[str], there: set[str]) -> list[tuple[str, str]]:
    """Give the cells in order, then those without items of their own, such as all cells together."""
    return [
        (cell, cell) for cell in [*(cell for cell in order if cell in there), *sorted(there - set(order))]
    ]


def _calibrated(caller: Caller) -> dict[str, str]:
    reports = [run.curves["calibration"] for run in caller.runs if run.curves.get("calibration")]

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    return {
        "name": caller.name,
        "before": f"{mean([report['before']['ece'] for report in reports]):.4f}",
        "after": f"{mean([report['after']['ece'] for report in reports]):.4f}",
        "temperature": ", ".join(f"{report['temperature']:.2f}" for report in reports),
    }


def _trained(caller: Caller) -> str:
    kept = ", ".join(
        f"{run.training['best_epoch']} of {run.training['epochs']}" for run in caller.runs if run.training
    )
    return f"Epoch kept, by seed: {kept}."


def _subtitle(callers: Sequence[Caller]) -> str:
    models = [caller for caller in callers if not caller.baseline]
    baselines = [caller.name for caller in callers if caller.baseline]
    runs = sum(len(caller.runs) for caller in models)
    said = f"{plural(runs, 'run')} of {plural(len(models), 'experiment')}"
    beside = f" beside the baselines {', '.join(baselines)}" if baselines else ", without a baseline"
    return f"{said}{beside}, scored on the same held-out items."


def _tiles(
    callers: Sequence[Caller], manifest: Manifest, labels: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    level, measure = leading(callers)
    ranked = rank(callers, level, measure)
    best = best_of(ranked)
    items = max(sum(entry.n for entry in row.entries.values()) for row in ranked)
    rows = sum(labels["rows"].values())
    return [
        (best.caller.name, f"best mean {level} {MEASURES[measure]}, {best.mean:.4f}", best.caller.name),
        (f"{len(best.entries)}", "cells compared", ", ".join(best.entries)),
        (f"{items:,}", "scored items, all cells", ""),
        (f"{rows:,}", "examples in the dataset", ""),
        (manifest.digest[:12], "dataset digest", manifest.digest),
    ]
