"""Risk from the profile of a person: what an example is, and which parts the application has."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from seqmill.applications.application import Application, Network
from seqmill.applications.disease_risk.outcomes import (
    BINARY,
    CLASSES,
    DISEASE,
    LABELS,
    QUANTITATIVE,
    SURVIVAL,
)
from seqmill.applications.profiled.columns import row_columns
from seqmill.applications.profiled.options import ComponentOptions
from seqmill.shards.schema import Encoding

VERSION = 1

LOSSES = {BINARY: ("generalised", "symmetric"), QUANTITATIVE: ("huber",), SURVIVAL: ()}
"""Outcome -> robust losses of its labels; the partial likelihood of survival has none."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """What is learnt.

    Attributes
    ----------
    outcome : str
        ``binary``: the label ``disease``, 0 or 1; ``quantitative``: ``trait``, a number; ``survival``:
        ``time`` to the event or the end of observation, and ``event``, 1 where it was seen and 0 where not.
    unobserved : str
        What is done with persons of survival whose time is not above 0: ``refuse`` the dataset, or
        ``leave_out`` and count them.
    components : ComponentOptions
        Components of ancestry that networks and baselines see beside the blocks.
    """

    outcome: Literal["binary", "quantitative", "survival"] = "binary"
    unobserved: Literal["refuse", "leave_out"] = "refuse"
    components: ComponentOptions = field(default_factory=ComponentOptions)


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: row of the table, names, and the labels of the outcome.

    Components stand among the options where there are some, so that datasets without are the same as ever.
    """
    told = asdict(options)
    if not options.components.count:
        del told["components"]
    labels = LABELS[options.outcome]
    columns = row_columns((), classes=labels) if options.outcome == BINARY else row_columns(labels)
    return Encoding(application="disease_risk", version=VERSION, options=told, columns=columns)


def labelled(options: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """Give label and classes: only a binary outcome has them."""
    return (DISEASE, CLASSES) if options["outcome"] == BINARY else ("", ())


def losses_under(options: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the robust losses of an outcome."""
    return LOSSES[options["outcome"]]


_PACKAGE = "seqmill.applications.disease_risk"

APPLICATION = Application(
    name="disease_risk",
    title="Disease risk",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    labelled=labelled,
    reads=("rows",),
    networks={
        "profile_mlp": Network(
            build=f"{_PACKAGE}.networks:profile_mlp",
            options="seqmill.models.profile_mlp:ProfileMLPOptions",
            kind="MLP",
        ),
    },
    augmentation="seqmill.applications.profiled.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict="",
    losses=tuple(name for names in LOSSES.values() for name in names),
    losses_under=losses_under,
    profile=f"{_PACKAGE}.task:risk_of",
    baselines={name: f"{_PACKAGE}.baselines:{name}" for name in ("mean", "covariates", "linear", "ridge")},
)
