"""Mistakes that only show when config, sheets, reference and application are held against each other."""

from collections.abc import Iterator, Mapping
from typing import Any

from seqmill.applications.application import find_application
from seqmill.errors import ConfigErrors, InputError, nearest
from seqmill.genome.splits import Splits
from seqmill.plan.samples import Sample
from seqmill.typed import build


def cross_problems(
    config: Mapping[str, Any], samples: Mapping[str, Sample], contigs: Mapping[str, int]
) -> list[str]:
    """Give one sentence for each name that points nowhere and each leak between splits.

    Parameters
    ----------
    config : mapping
        The configuration, valid by its schema and with defaults filled in.
    samples : mapping
        The sample sheet; empty when it could not be read, and then not checked against.
    contigs : mapping
        The reference's contigs; empty when it could not be read, and then not checked against.
    """
    return [
        *_split_problems(config["splits"], samples, contigs),
        *_depth_problems(config, samples),
        *_reference_problems(config),
        *_application_problems(config),
        *_tracking_problems(config),
        *(
            f"predict: no sample '{name}' in {config['samples']}{nearest(name, samples)}"
            for name in config["predict"]
            if samples and name not in samples
        ),
    ]


def _split_problems(
    splits: Mapping[str, Any], samples: Mapping[str, Sample], contigs: Mapping[str, int]
) -> Iterator[str]:
    try:
        Splits(splits)
    except ConfigErrors as error:
        yield from (f"splits: {problem}" for problem in error.problems)
    for split, members in splits.items():
        for name in members["samples"]:
            if samples and name not in samples:
                yield f"splits.{split}: no sample '{name}' in the sample sheet{nearest(name, samples)}"
            elif samples:
                absent = [key for key in ("truth", "confident") if getattr(samples[name], key) is None]
                yield from (f"sample '{name}': {key} is empty, but split {split} needs it" for key in absent)
        for name in members["contigs"]:
            if contigs and name not in contigs:
                yield f"splits.{split}: no contig '{name}' in the reference{nearest(name, contigs)}"


def _depth_problems(config: Mapping[str, Any], samples: Mapping[str, Sample]) -> Iterator[str]:
    known = [*config["splits"], *samples]
    for name in config["depths"]:
        if samples and name not in known:
            yield f"depths: '{name}' is neither a split nor a sample{nearest(name, known)}"


def _reference_problems(config: Mapping[str, Any]) -> Iterator[str]:
    written = f"results/{config['dataset']}/raw/reference.fa"
    if config["simulate"] and config["reference"] != written:
        yield f"reference: found '{config['reference']}', wanted {written}, where the generator writes it"


def _tracking_problems(config: Mapping[str, Any]) -> Iterator[str]:
    tracking = config["tracking"]
    if tracking["mode"] == "merged" and (tracking["uri"] or "").startswith("http"):
        yield (
            f"tracking.uri: found '{tracking['uri']}', but runs cannot be merged through a server; wanted "
            "sqlite:///PATH or the address of its database (postgresql://...), or tracking.mode shared"
        )


def _application_problems(config: Mapping[str, Any]) -> Iterator[str]:
    try:
        application = find_application(config["application"])
    except InputError as error:
        yield str(error)
        return
    problems: list[str] = []
    build(application.options, config["options"], path="options", problems=problems)
    yield from problems
    offered = application.baselines
    for name in config["baselines"]:
        if name not in offered:
            yield f"baselines: found '{name}'{nearest(name, offered)}, wanted one of: {', '.join(offered)}"
