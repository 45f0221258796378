"""Molecules of a library ranked by efficacy over a cohort and by safety together."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.profiled.percentiles import Better, Floats, percentiles
from seqmill.evaluation.members import spread

TOP = 10
"""Best drugs of a sample among which a molecule is looked for."""


def screen(
    ranking: pd.DataFrame,
    safety: Mapping[str, Floats] | None,
    *,
    better: Better,
) -> pd.DataFrame:
    """Rank molecules.

    Parameters
    ----------
    ranking : DataFrame
        ``sample``, ``molecule``, ``rank``, ``prediction``, ``sd`` of every pair, and ``molecule_in_domain``.
    safety : mapping or None
        Task -> toxicity of each molecule by its model, float64 [members, molecules]; molecules by name.
    better : str
        Which responses are better.

    Returns
    -------
    DataFrame
        ``place``, ``molecule``; ``efficacy``: mean prediction over samples; ``efficacy_sd``: mean spread of
        the models; ``efficacy_percentile``: share of the library that does better; ``samples_top``: samples
        among whose `TOP` it is; with `safety` ``toxicity``: the highest mean over models of any task,
        ``worst_task``, ``toxicity_sd`` of that task, ``safety_percentile``: share of the library that is
        safer, ``combined``: mean of both percentiles, by which molecules are placed, and ``pareto``: whether
        no other is better in one and as good in the other; ``molecule_in_domain``.
    """
    rows = ranking.assign(top=ranking["rank"] <= TOP).groupby("molecule", sort=True)
    table = pd.DataFrame(
        {
            "efficacy": rows["prediction"].mean(),
            "efficacy_sd": rows["sd"].mean(),
            "samples_top": rows["top"].sum(),
            "molecule_in_domain": rows["molecule_in_domain"].first(),
        }
    ).reset_index()
    efficacy = table["efficacy"].to_numpy()
    table["efficacy_percentile"] = _within(efficacy, better)
    order = "efficacy_percentile"
    if safety is not None:
        table = table.assign(**_toxicity(safety))
        table["safety_percentile"] = _within(table["toxicity"].to_numpy(), "low")
        table["combined"] = (table["efficacy_percentile"] + table["safety_percentile"]) / 2
        table["pareto"] = pareto(table["efficacy_percentile"], table["safety_percentile"])
        order = "combined"
    table = table.sort_values([order, "efficacy_percentile", "molecule"], kind="stable", ignore_index=True)
    table.insert(0, "place", np.arange(1, len(table) + 1))
    shown = [
        *("place", "molecule", "efficacy", "efficacy_sd", "efficacy_percentile", "samples_top"),
        *("toxicity", "worst_task", "toxicity_sd", "safety_percentile", "combined", "pareto"),
        "molecule_in_domain",
    ]
    return table[[name for name in shown if name in table]]


def pareto(first: pd.Series, second: pd.Series) -> npt.NDArray[np.bool_]:
    """Tell which rows no other beats: lower in one of both and not higher in the other."""
    x, y = first.to_numpy(), second.to_numpy()
    least = pd.Series(y).groupby(x).min()
    before = least.cummin().shift(fill_value=np.inf)
    return (y == least.loc[x].to_numpy()) & (y < before.loc[x].to_numpy())


def _within(values: Floats, better: Better) -> Floats:
    """Give the share of the others that are better, in percent; 0 for a molecule on its own."""
    if len(values) < 2:
        return np.zeros(len(values))
    own = 50 / len(values)
    return (percentiles(values, values, better) - own) * len(values) / (len(values) - 1)


def _toxicity(safety: Mapping[str, Floats]) -> dict[str, object]:
    tasks = list(safety)
    each = np.stack([safety[task] for task in tasks], axis=2)  # members, molecules, tasks
    worst = each.mean(0).argmax(1)
    own = each[:, np.arange(each.shape[1]), worst]
    return {
        "toxicity": own.mean(0),
        "worst_task": [tasks[at] for at in worst],
        "toxicity_sd": spread(own),
    }
