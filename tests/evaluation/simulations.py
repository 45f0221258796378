"""How often equal callers are told apart, and different ones are not: the figures of docs/compare.md.

    python -m tests.evaluation.simulations [NAME ...]

A line tells how many comparisons were simulated, how many were told apart at 5 %, and what theory expects;
behind it the shares between which 95 % of such simulations lie if theory is right.
"""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from seqmill.evaluation.bootstrap import resample
from seqmill.evaluation.paired import ALPHA, PairedTest, Side, paired_test
from seqmill.evaluation.permutation import swap_test

Generator = np.random.Generator
Floats = npt.NDArray[np.float64]
GAINED, LOST, DISCORDANT_ITEMS = 0.08, 0.04, 600
GAPS, AREA_ITEMS = (1.2, 0.9), 400


def counted(keys: npt.ArrayLike, found: npt.ArrayLike) -> pd.DataFrame:
    """Give scored items of which some were found and the others missed."""
    hit = np.asarray(found, bool)
    counts = {"tp_x": hit.astype(int), "fp_x": np.zeros(len(hit), int), "fn_x": (~hit).astype(int)}
    return pd.DataFrame({"item": keys, **counts})


def side(tables: Sequence[pd.DataFrame], measure: str, *, replicates: int = 200) -> Side:
    """Give one caller, a table a seed."""
    return Side(tables, [resample(table, replicates=replicates)["x", measure] for table in tables])


def fresh_keys(rng: Generator, n: int) -> npt.NDArray[np.uint64]:
    """Draw keys of items, so that each comparison resamples otherwise."""
    return rng.integers(0, 2**63, n).astype(np.uint64)


def trained(
    rng: Generator, keys: Any, ease: Floats, *, better: float = 0.0, spread: float = 0.0, seeds: int = 1
) -> Side:
    """Give seeds of a caller that finds an item with the logistic of its ease and of the seed's own skill."""
    tables = []
    for _ in range(seeds):
        skill = better + rng.normal(0, spread)
        tables.append(counted(keys, rng.random(len(keys)) < 1 / (1 + np.exp(-ease - skill))))
    return side(tables, "f1")


def equal_f1(
    rng: Generator, n: int, *, items: int = 300, seeds: tuple[int, int] = (1, 1), spread: float = 0.0
) -> Floats:
    """Give the p-values of `n` comparisons of two callers that are equal but for their seeds."""
    p_values = []
    for _ in range(n):
        keys, ease = fresh_keys(rng, items), rng.normal(2, 1.5, items)
        a, b = (trained(rng, keys, ease, spread=spread, seeds=count) for count in seeds)
        p_values.append(paired_test(a, b, "x", "f1").p)
    return np.array(p_values)


def equal_areas(rng: Generator, n: int) -> Floats:
    """Give the p-values of DeLong's test of two equal callers on 150 items."""
    p_values = []
    for _ in range(n):
        keys, labels, common = fresh_keys(rng, 150), rng.random(150) < 0.4, rng.normal(0, 1, 150)
        scores = [labels + common + rng.normal(0, 1, 150) for _ in range(2)]
        p_values.append(scored_apart(keys, labels, scores).p)
    return np.array(p_values)


def scored_apart(keys: Any, labels: Any, scores: Sequence[Floats]) -> PairedTest:
    """Test two callers by the areas under their curves."""
    tables = [pd.DataFrame({"item": keys, "score_x": one, "label_x": labels * 1}) for one in scores]
    a, b = (side([table], "auroc", replicates=20) for table in tables)
    return paired_test(a, b, "x", "auroc")


def equal_correlations(rng: Generator, n: int, kind: str) -> Floats:
    """Give the p-values of swaps of two equal predictors of 60 items."""
    p_values = []
    for _ in range(n):
        observed, common = rng.normal(0, 1, (2, 60))
        a, b = observed + common + rng.normal(0, 1, (2, 60))
        p_values.append(swap_test(a, b, observed, kind=kind, permutations=199))
    return np.array(p_values)


def different_f1(rng: Generator, n: int) -> Floats:
    """Give the p-values of two callers of which each gets a share of the items right alone."""
    p_values = []
    for _ in range(n):
        keys = fresh_keys(rng, DISCORDANT_ITEMS)
        kind = rng.choice(3, len(keys), p=[GAINED, LOST, 1 - GAINED - LOST])
        shared = rng.random(len(keys)) < 0.9
        hits = np.where(kind == 2, shared, kind == 0), np.where(kind == 2, shared, kind == 1)
        a, b = (side([counted(keys, hit)], "f1") for hit in hits)
        p_values.append(paired_test(a, b, "x", "f1").p)
    return np.array(p_values)


def power_of_f1() -> float:
    """Give the power that McNemar (1947) expects: the difference in discordant shares over its error."""
    error = math.sqrt((GAINED + LOST - (GAINED - LOST) ** 2) / DISCORDANT_ITEMS)
    return float(stats.norm.sf(1.96 - (GAINED - LOST) / error))


def different_areas(rng: Generator, n: int) -> list[PairedTest]:
    """Test two callers whose scores of positives lie further from, and nearer to, those of negatives."""
    labels = np.arange(AREA_ITEMS) < AREA_ITEMS // 2
    keys = np.arange(AREA_ITEMS, dtype=np.uint64)
    return [
        scored_apart(keys, labels, [gap * labels + rng.normal(0, 1, AREA_ITEMS) for gap in GAPS])
        for _ in range(n)
    ]


def difference_of_areas() -> tuple[float, float]:
    """Give the true difference of the two areas, and the error of its estimate."""
    areas, variances = zip(*(_normal_area(gap, AREA_ITEMS // 2) for gap in GAPS), strict=True)
    return areas[0] - areas[1], math.sqrt(sum(variances))


def power_of_areas() -> float:
    """Give the power that the normal model expects."""
    truth, error = difference_of_areas()
    return float(stats.norm.sf(1.96 - truth / error))


def _normal_area(gap: float, m: int) -> tuple[float, float]:
    """Give the area under the curve of two normal distributions, and the variance of its estimate on m each.

    Source: Bamber (1975), with the chance that one positive lies above two negatives from their joint normal.
    """
    area = stats.norm.cdf(gap / math.sqrt(2))
    both = stats.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]]).cdf([gap / math.sqrt(2)] * 2)
    return float(area), float((area * (1 - area) + 2 * (m - 1) * (both - area**2)) / m**2)


@dataclass(frozen=True)
class Simulation:
    """Comparisons of which theory knows how many are told apart.

    Attributes
    ----------
    text : str
        What is compared.
    comparisons : int
        How often.
    p_values : callable
        Gives the p-values of so many comparisons.
    expected : float or None
        Share that a right test tells apart; None where the test is known to be wrong.
    """

    text: str
    comparisons: int
    p_values: Callable[[Generator, int], Floats]
    expected: float | None = ALPHA


def simulations() -> dict[str, Simulation]:
    """Give all of them by name."""
    return {
        "f1": Simulation("F1, 300 items, one seed", 2000, equal_f1),
        "few": Simulation("F1, 40 items", 2000, lambda rng, n: equal_f1(rng, n, items=40)),
        "auroc": Simulation("AUROC, 150 items", 2000, equal_areas),
        "pearson": Simulation(
            "Pearson, 60 items", 2000, lambda rng, n: equal_correlations(rng, n, "pearson")
        ),
        "spearman": Simulation(
            "Spearman, 60 items", 2000, lambda rng, n: equal_correlations(rng, n, "spearman")
        ),
        "seeds": Simulation(
            "F1, three seeds each whose skill differs by 0.4",
            1000,
            lambda rng, n: equal_f1(rng, n, seeds=(3, 3), spread=0.4),
        ),
        "alike": Simulation(
            "F1, three seeds each of the same skill", 1000, lambda rng, n: equal_f1(rng, n, seeds=(3, 3))
        ),
        "single": Simulation(
            "F1, one seed each whose skill differs by 0.4",
            1000,
            lambda rng, n: equal_f1(rng, n, spread=0.4),
            None,
        ),
        "power_f1": Simulation("power, F1, 8 % won and 4 % lost", 4000, different_f1, power_of_f1()),
        "power_auroc": Simulation(
            "power, AUROC, distances 1.2 and 0.9",
            4000,
            lambda rng, n: np.array([tested.p for tested in different_areas(rng, n)]),
            power_of_areas(),
        ),
    }


def line(one: Simulation, p_values: Floats) -> str:
    """Tell a simulation's outcome in one line."""
    apart, n = int((p_values <= ALPHA).sum()), len(p_values)
    told = f"{one.text}: {apart} of {n} told apart ({100 * apart / n:.2f} %)"
    if one.expected is None:
        return told
    low, high = (100 * bound / n for bound in stats.binom.interval(0.95, n, one.expected))
    return f"{told}, expected {100 * one.expected:.1f} % ({low:.1f} to {high:.1f} %)"


def main() -> None:
    """Simulate all, or those named."""
    known = simulations()
    parser = argparse.ArgumentParser(description="Simulate comparisons of equal and of different callers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known), default=list(known))
    parser.add_argument("--comparisons", type=int, help="how many each [default: those of docs/compare.md]")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name in options.names:
        one = known[name]
        found = one.p_values(np.random.default_rng(options.seed), options.comparisons or one.comparisons)
        print(line(one, found), flush=True)


if __name__ == "__main__":
    main()
