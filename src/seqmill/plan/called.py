"""Peaks that are called from the reads of samples: what may be asked for, and how the verb is told."""

from collections.abc import Iterator, Mapping
from typing import Any

from seqmill.applications.application import Application
from seqmill.errors import nearest
from seqmill.peaks.options import PeakOptions
from seqmill.plan.samples import Sample
from seqmill.typed import build


def calls_peaks(samples: Mapping[str, Sample], application: Application) -> bool:
    """Say whether an application makes its examples from peaks that are called from samples' alignments."""
    return bool(application.peaks_of) and any(one.kind == "alignments" for one in samples.values())


def peak_options(given: Mapping[str, Any], sample: Sample, staged: str) -> list[str]:
    """Give how the peaks of a sample are called, as options of ``seqmill peaks``.

    Parameters
    ----------
    given : mapping
        The configuration's ``peaks``.
    sample : Sample
        The sample.
    staged : str
        Folder of staged alignments and their reports.
    """
    told = {f"--{key.replace('_', '-')}": str(value) for key, value in given.items() if value is not None}
    words = [word for option in told.items() for word in option]
    if sample.factor:
        words += ["--factor", sample.factor]
    if sample.control:
        words += ["--control", f"{staged}/{sample.control}.bam"]
        words += ["--control-report", f"{staged}/{sample.control}.report.json"]
    return words


def peak_problems(
    config: Mapping[str, Any], samples: Mapping[str, Sample], application: Application, options: Any
) -> Iterator[str]:
    """Give one sentence for each mistake of what is said about peaks.

    Parameters
    ----------
    config : mapping
        The configuration, valid by its schema.
    samples : mapping
        The sample sheet; empty when it could not be read.
    application : Application
        The application.
    options : Any
        Its example options; None when they hold mistakes.
    """
    if not samples:
        return
    if not calls_peaks(samples, application):
        yield from _needless(config, samples, application)
        return
    problems: list[str] = []
    build(PeakOptions, config["peaks"], path="peaks", problems=problems)
    yield from problems
    used = {name for members in config["splits"].values() for name in members["samples"]}
    for sample in samples.values():
        yield from _control_problems(sample, samples, used)
        known = getattr(options, application.peaks_of, ())
        if sample.factor and known and sample.factor not in known:
            yield (
                f"sample '{sample.name}', factor: found '{sample.factor}'{nearest(sample.factor, known)}, "
                f"wanted one of options.{application.peaks_of}: {', '.join(known)}"
            )
        elif not sample.factor and len(known) > 1 and sample.name in used:
            yield (
                f"sample '{sample.name}': factor is empty, wanted one of options.{application.peaks_of}: "
                f"{', '.join(known)}; add the column to {config['samples']}"
            )


def _needless(
    config: Mapping[str, Any], samples: Mapping[str, Sample], application: Application
) -> Iterator[str]:
    why = f"no peaks are called: {application.name} makes its examples from the reads"
    if application.peaks_of:
        why = "no peaks are called: the samples give regions"
    if config["peaks"]:
        yield f"peaks: found {dict(config['peaks'])}, but {why}; wanted no such key"
    for sample in samples.values():
        for column in ("control", "factor"):
            if getattr(sample, column):
                yield (
                    f"sample '{sample.name}', {column}: found '{getattr(sample, column)}', but {why}; "
                    "wanted an empty cell"
                )


def _control_problems(sample: Sample, samples: Mapping[str, Sample], used: set[str]) -> Iterator[str]:
    if not sample.control:
        return
    if sample.control not in samples or sample.control == sample.name:
        others = [name for name in samples if name != sample.name]
        yield (
            f"sample '{sample.name}', control: found '{sample.control}'{nearest(sample.control, others)}, "
            "wanted the name of another sample of the sheet"
        )
    elif sample.control in used:
        yield (
            f"sample '{sample.name}', control: found '{sample.control}', which a split names; wanted a "
            "sample without peaks of its own: take it out of the splits"
        )
