"""Mistakes that only show when config, sheets, reference and application are held against each other."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from seqmill.applications.application import Application, find_application
from seqmill.errors import ConfigErrors, InputError, nearest
from seqmill.genome.splits import Splits
from seqmill.plan.addresses import is_address
from seqmill.plan.called import peak_problems
from seqmill.plan.interpreted import interpretation_problems
from seqmill.plan.samples import Sample
from seqmill.profiles.plan import load_profiles_plan
from seqmill.typed import build

WHOLE = "genome"
"""What `predict` calls all contigs, where a prediction needs the sequence alone."""


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
    application, unknown = None, []
    try:
        application = find_application(config["application"])
    except InputError as error:
        unknown = [str(error)]
    labels = application.labels if application else ()
    return [
        *_split_problems(config["splits"], samples, contigs, labels),
        *_depth_problems(config, samples),
        *_reference_problems(config),
        *_profile_problems(config, samples),
        *unknown,
        *(_application_problems(config, samples, application) if application else ()),
        *_tracking_problems(config),
    ]


def _split_problems(
    splits: Mapping[str, Any],
    samples: Mapping[str, Sample],
    contigs: Mapping[str, int],
    labels: Sequence[str],
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
                absent = [key for key in labels if key not in samples[name].labels]
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
    made = [key for key in ("simulate", "pack", "profiles") if config[key]]
    name = "profiles.json" if config["profiles"] else "reference.fa"
    written = f"results/{config['dataset']}/raw/{name}"
    if len(made) > 1:
        yield f"{', '.join(made)}: {len(made)} are given, wanted at most one; a dataset has one reference"
    if made and config["reference"] != written:
        yield f"reference: found '{config['reference']}', wanted {written}, where it will be written"


def _profile_problems(config: Mapping[str, Any], samples: Mapping[str, Sample]) -> Iterator[str]:
    if not config["profiles"]:
        return
    try:
        plan = load_profiles_plan(config["profiles"])
    except (ConfigErrors, InputError):
        return  # told where the folds are read
    for name in samples:
        if name not in plan.samples:
            yield f"sample '{name}': no rows of it in {config['profiles']}{nearest(name, plan.samples)}"
    named = [name for split in config["splits"].values() for name in split["contigs"]]
    kinds = sorted({plan.kinds[name] for name in named if name in plan.kinds})
    if len(kinds) > 1:
        yield (
            f"splits: folds of {' and '.join(kinds)} found, wanted those of one kind; a row lies in a fold "
            "of each kind, so that splits of several kinds share rows"
        )


def _tracking_problems(config: Mapping[str, Any]) -> Iterator[str]:
    tracking = config["tracking"]
    if tracking["mode"] == "merged" and (tracking["uri"] or "").startswith("http"):
        yield (
            f"tracking.uri: found '{tracking['uri']}', but runs cannot be merged through a server; wanted "
            "sqlite:///PATH or the address of its database (postgresql://...), or tracking.mode shared"
        )


def _reads_problems(samples: Mapping[str, Sample], application: Application) -> Iterator[str]:
    kinds = {sample.kind: sample.name for sample in samples.values()}
    if len(kinds) > 1:
        found = " and ".join(f"{kind} of '{name}'" for kind, name in sorted(kinds.items()))
        yield f"samples: {found} found, wanted one kind of reads for all samples of a dataset"
    for sample in samples.values():
        if sample.kind not in application.reads:
            yield (
                f"sample '{sample.name}': {sample.kind} found, but {application.name} takes "
                f"{' or '.join(application.reads)}"
            )


def _file_problems(config: Mapping[str, Any], application: Application) -> Iterator[str]:
    for name, path in config["files"].items():
        if name not in application.files:
            offered = ", ".join(application.files) or "none"
            yield (
                f"files: found '{name}'{nearest(name, application.files)}, wanted one of those that "
                f"{application.name} reads: {offered}"
            )
        elif not is_address(path) and not Path(path).is_file() and not _is_generated(path, config):
            yield f"files.{name}: {path}: no such file"


def _is_generated(path: str, config: Mapping[str, Any]) -> bool:
    raw = Path(f"results/{config['dataset']}/raw")
    return bool(config["simulate"] or config["pack"]) and Path(path).is_relative_to(raw)


def _track_problems(
    config: Mapping[str, Any], samples: Mapping[str, Sample], tracks: Sequence[str]
) -> Iterator[str]:
    """Say which samples belong to no track, and which tracks nothing is learnt of or chosen by."""
    if not tracks:
        return
    for split, members in config["splits"].items():
        known = [samples[name] for name in members["samples"] if name in samples]
        for sample in known:
            if sample.condition not in tracks:
                yield (
                    f"sample '{sample.name}' of split {split}: condition '{sample.condition}' is none of "
                    f"options.tracks{nearest(sample.condition, tracks)}: {', '.join(tracks)}"
                )
        absent = [name for name in tracks if name not in {sample.condition for sample in known}]
        if absent and samples and split in ("train", "validation"):
            yield (
                f"options.tracks: no sample of split {split} has the condition {' or '.join(absent)}, whose "
                "output would not be learnt; add samples, or take it out of the tracks"
            )


def _predict_problems(
    config: Mapping[str, Any], samples: Mapping[str, Sample], application: Application
) -> Iterator[str]:
    if config["predict"] and not application.prediction:
        asked = ", ".join(config["predict"])
        yield f"predict: found {asked}, but {application.name} has no file of predictions; leave it out"
        return
    if application.predicts == "sequence":
        known = [WHOLE, *config["splits"]]
        yield from (
            f"predict: found '{name}'{nearest(name, known)}, wanted one of: {', '.join(known)}"
            for name in config["predict"]
            if name not in known
        )
        if config["predict"] and application.predicted and application.predicted not in config["files"]:
            yield (
                f"predict: found {', '.join(config['predict'])}, but no files.{application.predicted}, whose "
                "places are what is predicted; name it, or leave predict out"
            )
        return
    yield from (
        f"predict: no sample '{name}' in {config['samples']}{nearest(name, samples)}"
        for name in config["predict"]
        if samples and name not in samples
    )


def _application_problems(
    config: Mapping[str, Any], samples: Mapping[str, Sample], application: Application
) -> Iterator[str]:
    """Give what does not fit the application: options, baselines, reads, files, predictions."""
    problems: list[str] = []
    options = build(application.options, config["options"], path="options", problems=problems)
    yield from problems
    if options is not None:
        yield from _track_problems(config, samples, application.tracks(options))
    offered = application.baselines
    for name in config["baselines"]:
        if name not in offered:
            yield f"baselines: found '{name}'{nearest(name, offered)}, wanted one of: {', '.join(offered)}"
    if config["depths"] and not application.thins:
        yield f"depths: found {config['depths']}, but {application.name} takes all reads; wanted no such key"
    yield from _reads_problems(samples, application)
    yield from peak_problems(config, samples, application, options)
    yield from _file_problems(config, application)
    yield from _predict_problems(config, samples, application)
    yield from interpretation_problems(config, application)
