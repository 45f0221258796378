"""Consent: which uses of a person's data their consent class allows."""

from collections.abc import Iterable, Mapping, Sequence

from seqmill.errors import nearest


def planned_uses(asked: Mapping[str, Iterable[str]], further: Iterable[str]) -> dict[str, list[str]]:
    """Give what is planned with each sample.

    Parameters
    ----------
    asked : mapping
        Use, such as a split -> samples.
    further : iterable of str
        Uses of the dataset, which all its samples have.
    """
    planned: dict[str, list[str]] = {}
    for use, samples in asked.items():
        for sample in samples:
            planned.setdefault(sample, []).append(use)
    return {sample: [*uses, *further] for sample, uses in planned.items()}


def consent_problems(
    classes: Mapping[str, str | None],
    allowed: Mapping[str, Sequence[str]],
    needed: Mapping[str, Iterable[str]],
) -> list[str]:
    """Give one sentence for each consent class that forbids what is planned with its samples.

    Parameters
    ----------
    classes : mapping
        Sample -> its consent class, None where it has none.
    allowed : mapping
        Consent class -> uses that it allows: splits, ``predict``, and what else a dataset says it is for.
    needed : mapping
        Sample -> uses that are planned; samples without any are not looked at.
    """
    forbidden: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    unknown: dict[str, list[str]] = {}
    for sample, uses in needed.items():
        given = classes.get(sample) or ""
        if given not in allowed:
            unknown.setdefault(given, []).append(sample)
            continue
        missing = tuple(sorted(set(uses) - set(allowed[given])))
        if missing:
            forbidden.setdefault((given, missing), []).append(sample)
    wanted = f"wanted one of privacy.consent: {', '.join(allowed)}"
    problems = [
        f"{_named(samples)}: consent class '{given}' found{nearest(given, allowed)}, {wanted}"
        if given
        else f"{_named(samples)}: no consent class found, {wanted}"
        for given, samples in unknown.items()
    ]
    return problems + [
        f"{_named(samples)}: consent class '{given}' allows {', '.join(allowed[given]) or 'nothing'}, but "
        f"{', '.join(missing)} is planned; take them out of it, or ask for that consent"
        for (given, missing), samples in forbidden.items()
    ]


def _named(samples: Sequence[str]) -> str:
    return f"sample{'s' if len(samples) > 1 else ''} {', '.join(map(repr, samples))}"
