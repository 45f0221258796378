"""Predicted against observed ends, window by window."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from seqmill.applications.accessibility.spec import Options, options_from
from seqmill.applications.accessibility.windows import (
    Floats,
    Observed,
    observe,
    similarity,
    window_profiles,
)
from seqmill.applications.scoring import OperatingPoints, ScoreJob, WithoutCalls
from seqmill.shards.order import example_id

BLOCK = 15_000
"""Bases of a contig that are drawn together in a bootstrap: neighbouring windows are alike."""

OPEN_SHARE = 0.1
"""The windows with most ends, so large a share of a sample's, are called open."""

PROFILE_ENDS = 50
"""Windows with fewer ends have no profile to speak of."""

BIN = 5
"""Bases of a bin in which profiles are compared, whatever a network's own."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a caller says of n examples.

    Attributes
    ----------
    log_counts : float array, shape (n, windows)
        Log1p of the ends expected in each scored window.
    profiles : float64 array, shape (n, windows, bins), or None
        Ends expected in each bin of `BIN` bases of a window, to any scale.
    """

    log_counts: npt.NDArray[np.floating]
    profiles: Floats | None = None


class WindowScorer(WithoutCalls):
    """Scores windows; see `seqmill.applications.scoring.Scorer`. There are no calls and no thresholds.

    Parameters
    ----------
    job : ScoreJob
        The split.
    said : Said
        What is scored.
    observed : Observed, optional
        What it is scored against; the ends in the shards unless given.
    further : sequence of dict
        Metrics that are no measure of items.
    """

    def __init__(
        self,
        job: ScoreJob,
        said: Said,
        *,
        observed: Observed | None = None,
        further: Sequence[dict[str, Any]] = (),
    ) -> None:
        self._job = job
        self._options = options_of(job)
        self._said = said
        self._observed = observed or observed_of(job)
        self._further = list(further)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Give a row for each window that has a count at every base.

        Of several tracks the further level ``difference`` says how well they are told apart: the log count of
        a track less the mean over all tracks of the same window, nan where one of them has no count.
        """
        observed, known = self._observed, self._observed.known
        rows, at = np.nonzero(known)
        examples = self._job.examples
        sample, contig = (examples[name].to_numpy()[rows] for name in ("sample", "contig"))
        start = examples["start"].to_numpy(np.int64)[rows] + at * self._options.stride
        counts = observed.counts[known]
        predicted = np.asarray(self._said.log_counts, np.float64)[known]
        table = pd.DataFrame(
            {
                "item": _keys(sample, contig, start),
                "cell": [self._job.condition_of(name) for name in sample],
                "sample": sample,
                "contig": contig,
                "start": start,
                "predicted_log_count": predicted,
                "observed_log_count": np.log1p(counts),
                "score_open": predicted,
                "label_open": _open(sample, counts),
                "block": _keys(sample, contig, start // BLOCK),
                "stratum_contig": contig,
            }
        )
        if self._said.profiles is not None:
            table["value_profile"] = self._similarities()[known]
        if len(self._options.tracks) > 1:
            for side in ("predicted", "observed"):
                table[f"{side}_difference"] = self._differences(table, f"{side}_log_count")
        return table

    def further(self) -> list[dict[str, Any]]:
        """Give metrics that are no measure of items."""
        return self._further

    def _differences(self, table: pd.DataFrame, column: str) -> Floats:
        """Give values less the mean over all tracks of the same window; samples of a track count as one."""
        place = ["contig", "start"]
        of_tracks = table.pivot_table(index=place, columns="cell", values=column, aggfunc="mean")
        mean = of_tracks.reindex(columns=list(self._options.tracks)).mean(axis=1, skipna=False)
        at = pd.MultiIndex.from_frame(table[place])
        return table[column].to_numpy() - mean.reindex(at).to_numpy(np.float64)

    def _similarities(self) -> Floats:
        """Compare the profiles of windows with enough ends, [n, windows]; nan elsewhere."""
        assert self._said.profiles is not None
        there = self._observed.known & (self._observed.counts >= PROFILE_ENDS)
        profiles = window_profiles(self._observed.ends, self._options, BIN)
        found = np.full(there.shape, np.nan)
        found[there] = similarity(profiles[there], self._said.profiles[there])
        return found


def evaluate(job: ScoreJob) -> WindowScorer:
    """Score a model's predictions on a split.

    Parameters
    ----------
    job : ScoreJob
        With ``log_count_0``, ... and ``log_rate_0``, ... of each example.
    """
    options = options_of(job)
    log_counts = _numbered(job.examples, "log_count", options.windows)
    bins = sum(name.startswith("log_rate_") for name in job.examples)
    rates = np.exp(_numbered(job.examples, "log_rate", bins))
    size = (options.span + options.tail) // bins
    each = np.repeat(rates / size, size, axis=1)
    return WindowScorer(job, Said(log_counts=log_counts, profiles=window_profiles(each, options, BIN)))


def options_of(job: ScoreJob) -> Options:
    """Give the example options of the dataset."""
    return options_from(job.plan["options"])


def observed_of(job: ScoreJob) -> Observed:
    """Give what was counted on the split."""
    _, payloads = job.read(job.split, ["ends"])
    return observe(payloads["ends"], options_of(job))


def _numbered(table: pd.DataFrame, name: str, columns: int) -> Floats:
    return table[[f"{name}_{at}" for at in range(columns)]].to_numpy(np.float64)


def _keys(
    sample: npt.NDArray[Any], contig: npt.NDArray[Any], number: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    places = list(zip(sample, contig, number.tolist(), strict=True))
    keys = {place: example_id(*place) for place in dict.fromkeys(places)}
    return np.array([keys[place] for place in places], np.uint64)


def _open(sample: npt.NDArray[Any], counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int8]:
    """Say which windows are among those with most ends of their sample."""
    is_open = np.zeros(len(counts), np.int8)
    for name in dict.fromkeys(sample):
        own = sample == name
        is_open[own] = counts[own] > np.quantile(counts[own], 1 - OPEN_SHARE)
    return is_open
