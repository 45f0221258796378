"""Callers of one dataset, or, when asked for, of several on what they have in common."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from seqmill.comparison.common import on_common_items
from seqmill.comparison.compared import Mixed
from seqmill.comparison.datasets import differences, in_words, manifests_of
from seqmill.comparison.runs import Caller, load_callers, other_dataset
from seqmill.errors import InputError
from seqmill.shards.manifest import Manifest


def load(
    runs: Sequence[Path], baselines: Sequence[Path], manifest: Manifest, *, intersection: bool
) -> tuple[list[Caller], Mixed | None]:
    """Read runs and baselines for a comparison on the dataset of a manifest.

    Parameters
    ----------
    runs, baselines : sequence of Path
        Folders of scored runs.
    manifest : Manifest
        The dataset.
    intersection : bool
        Whether runs of other datasets are let in, and all compared on the items in common.

    Returns
    -------
    (list of Caller, Mixed or None)
        The callers, and of several datasets what they have in common and how they differ.

    Raises
    ------
    InputError
        When a run was scored on another dataset and that was not asked for; the message says what differs,
        as far as the manifests are at hand.
    """
    callers = load_callers(runs, baselines, several_datasets=True)
    found = [run for caller in callers for run in caller.runs]
    if {run.dataset_digest for run in found} == {manifest.digest}:
        return callers, None
    at_hand = list(manifests_of(found, [manifest]).values())
    if not intersection:
        other = next(run for run in found if run.dataset_digest != manifest.digest)
        told = in_words([manifest, *(one for one in at_hand if one.digest != manifest.digest)])
        raise InputError(f"{other_dataset(other, manifest.digest, 'the manifest')}\n{told}".rstrip())
    restricted, common = on_common_items(callers)
    told_apart = [
        (
            f"{first.dataset} {first.digest[:8]}",
            f"{second.dataset} {second.digest[:8]}",
            differences(first, second),
        )
        for first, second in pairwise(at_hand)
    ]
    return restricted, Mixed(common, told_apart)
