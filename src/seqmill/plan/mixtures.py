"""Ensembles over several experiments: mistakes in the key ``mixtures``."""

from collections.abc import Iterator, Mapping, Sequence

from seqmill.errors import nearest
from seqmill.plan.experiments import Experiment


def mixture_problems(
    mixtures: Mapping[str, Sequence[str]], experiments: Mapping[str, Experiment]
) -> Iterator[str]:
    """Give one sentence for each mixture that cannot be made.

    Parameters
    ----------
    mixtures : mapping
        Name -> the experiments whose runs are averaged.
    experiments : mapping
        The experiments by name; none where their sheet could not be read, and then not checked against.
    """
    if not experiments:
        return
    for name, members in mixtures.items():
        if name in experiments:
            yield f"mixtures.{name}: found the name of an experiment, want another one"
        for member in members:
            if member not in experiments:
                yield f"mixtures.{name}: no experiment '{member}'{nearest(member, experiments)}"
            elif experiments[member].role != "model":
                yield (
                    f"mixtures.{name}: found '{member}', which has the role {experiments[member].role}, want "
                    "models alone"
                )
