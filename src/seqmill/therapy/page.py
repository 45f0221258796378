"""The ranking as a page, as a person sees it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from seqmill.files import atomic_path, program_version
from seqmill.origin import Node, embed, this_step
from seqmill.pages.render import render
from seqmill.profiles.notice import NOTICE
from seqmill.therapy.job import Ranked

SAMPLES, DRUGS, BEST = 40, 30, 5
"""Samples and drugs in the plot; drugs told of each sample in the table."""

_CELL, _LEFT, _TOP = 18, 130, 110


def write_page(path: Path, found: Ranked, told: Mapping[str, Any], *, parents: tuple[Node, ...]) -> None:
    """Write the page as one HTML file that needs no network, atomically.

    Parameters
    ----------
    path : Path
        The file to write.
    found : Ranked
        What was found.
    told : mapping
        What ``rank.json`` holds.
    parents : tuple of Node
        What it was made of.
    """
    step = this_step()
    text = render(
        "seqmill.therapy",
        "rank.html.j2",
        notice=NOTICE,
        subtitle=f"{told['samples']:,} samples, {told['molecules']:,} drugs, {told['models']} "
        + ("model" if told["models"] == 1 else "models")
        + ". Percentiles are within each drug: the share of the training cohort predicted to respond better.",
        tiles=_tiles(found, told),
        metrics=[_metric(row) for row in found.metrics],
        plot=percentile_map(found.ranking),
        samples=_samples(found),
        targets=found.targets.head(20).to_dict("records"),
        molecules=found.molecules.head(20).to_dict("records"),
        facts=[(node.kind, f"{node.name} {node.digest[:12]}") for node in parents],
        command=step.command,
        version=program_version(),
    )
    node = Node(
        kind="ranking page",
        name="ranking",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        of="content",
        step=step,
        parents=parents,
    )
    with atomic_path(path) as aside:
        aside.write_text(embed(text, node))


def percentile_map(ranking: pd.DataFrame) -> Markup:
    """Draw percentiles, samples by drugs: the first `SAMPLES`, and the `DRUGS` with the lowest means."""
    samples = list(dict.fromkeys(ranking["sample"]))[:SAMPLES]
    table = ranking[ranking["sample"].isin(samples)].pivot(
        index="sample", columns="molecule", values="percentile"
    )
    drugs = table.mean().sort_values(kind="stable").index[:DRUGS]
    parts = []
    for column, drug in enumerate(drugs):
        x = _LEFT + _CELL * (column + 0.7)
        parts.append(
            f'<text x="{x:g}" y="{_TOP - 6}" transform="rotate(-60 {x:g} {_TOP - 6})">{_short(drug)}</text>'
        )
    for row, sample in enumerate(table.index):
        y = _TOP + _CELL * row
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 13}" text-anchor="end">{_short(sample)}</text>')
        for column, value in enumerate(table.loc[sample, drugs]):
            strength = 0.0 if np.isnan(value) else (1 - value / 100) ** 2
            parts.append(
                f'<rect x="{_LEFT + _CELL * column}" y="{y}" width="{_CELL - 1}" height="{_CELL - 1}" '
                f'fill-opacity="{strength:.2f}"><title>{escape(sample)}, {escape(drugs[column])}: '
                f"percentile {value:.0f}</title></rect>"
            )
    size = f"{_LEFT + _CELL * len(drugs) + 60} {_TOP + _CELL * len(table) + 4}"
    label = "predicted response of each sample to each drug, in percentiles within the drug"
    return Markup(
        f'<svg class="map" viewBox="0 0 {size}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    )


def _short(name: str) -> Markup:
    return escape(name if len(name) <= 18 else f"{name[:17]}…")


def _tiles(found: Ranked, told: Mapping[str, Any]) -> list[tuple[str, str]]:
    wide = "low" in found.ranking and found.ranking["low"].notna().any()
    half = ((found.ranking["high"] - found.ranking["low"]) / 2).mean() if wide else np.nan
    return [
        (f"{told['samples']:,}", "samples"),
        (f"{told['out_of_domain']:,}", "of them out of the model's domain"),
        (f"{told['molecules']:,}", "drugs ranked for each"),
        (f"± {half:.2f}" if wide else "-", "conformal interval, mean half width"),
        (f"{told['incompleteness']:.1%}", "of the predictions' differences not attributed to genes"),
    ]


def _metric(row: Mapping[str, Any]) -> dict[str, str]:
    interval = "" if row["low"] is None else f"{row['low']:.2f} to {row['high']:.2f}"
    return {"name": row["metric"], "value": f"{row['value']:.2f}", "interval": interval, "n": str(row["n"])}


def _samples(found: Ranked) -> list[dict[str, Any]]:
    behind = {
        key: ", ".join(
            f"{gene} ({'+' if value > 0 else '-'}, {agreement:.0%})"
            for gene, value, agreement in inside[["gene", "contribution", "agreement"]]
            .head(3)
            .itertuples(index=False)
        )
        for key, inside in found.genes.groupby(["sample", "molecule"])
    }
    best = found.ranking[found.ranking["rank"] <= BEST]
    facts = found.samples.set_index("sample")
    return [
        {
            "sample": sample,
            "in_domain": bool(facts.loc[sample, "in_domain"]),
            "missing": f"{facts.loc[sample, 'missing']:.0%}",
            "drugs": [_drug(row, behind) for _, row in inside.iterrows()],
        }
        for sample, inside in best.groupby("sample", sort=False)
    ][:SAMPLES]


def _drug(row: pd.Series, behind: Mapping[tuple[str, str], str]) -> dict[str, str]:
    spread = "" if np.isnan(row["percentile_sd"]) else f" ± {row['percentile_sd']:.0f}"
    interval = "" if np.isnan(row["low"]) else f"{row['low']:.2f} to {row['high']:.2f}"
    return {
        "rank": str(row["rank"]),
        "molecule": row["molecule"],
        "percentile": f"{row['percentile']:.0f}{spread}",
        "prediction": f"{row['prediction']:.2f}",
        "interval": interval,
        "genes": behind.get((row["sample"], row["molecule"]), ""),
    }
