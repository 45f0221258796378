"""All that a report is written from: callers, tests, and what lies beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from seqmill.comparison.common import Common
from seqmill.comparison.paired import Difference
from seqmill.comparison.runs import Caller
from seqmill.comparison.strata import StratumDifference
from seqmill.comparison.sweeps import Swept
from seqmill.comparison.tracked import Tracked


@dataclass(frozen=True)
class Mixed:
    """A comparison of runs of several datasets.

    Attributes
    ----------
    common : Common
        What they were compared on.
    differences : sequence
        (first dataset, second, what differs between them), the last as `datasets.differences` gives it.
    """

    common: Common
    differences: Sequence[tuple[str, str, Sequence[tuple[str, str, str]]]] = ()


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A comparison.

    Attributes
    ----------
    callers : sequence of Caller
        Experiments and baselines, as `load_callers` gives them.
    differences : sequence of Difference
        As `paired.compare` gives them.
    strata : sequence of StratumDifference
        As `strata.compare_strata` gives them.
    tracked : mapping
        What the tracking store knows of the runs, by run id.
    sweeps : sequence of Swept
        As `sweeps.sweeps_of` gives them.
    mixed : Mixed or None
        What runs of several datasets were compared on; None when all were scored on one.
    """

    callers: Sequence[Caller]
    differences: Sequence[Difference]
    strata: Sequence[StratumDifference] = ()
    tracked: Mapping[str, Tracked] = field(default_factory=dict)
    sweeps: Sequence[Swept] = ()
    mixed: Mixed | None = None
