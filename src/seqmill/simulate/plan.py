"""The plan of a simulation: read from YAML, checked as a whole before anything is written."""

import os
import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml

from seqmill.errors import ConfigErrors, InputError, nearest
from seqmill.simulate.noise import ERROR_MODELS

DELIVERIES = ("fastq", "bam", "cram")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True)
class ContigPlan:
    """Where the sequence of one contig comes from, and where its variants do.

    Attributes
    ----------
    random : int
        Length in bp of a sequence to draw; or
    fasta : str
        a FASTA file to copy from.
    source : str
        Contig of `fasta`; may be left out where it holds only one.
    sites : str
        VCF of polymorphic sites with allele frequencies (INFO/AF) on this contig; without it variants are
        drawn from the spectrum.
    sites_contig : str
        Name of the contig in `sites`, where it is another one.
    """

    random: int = 0
    fasta: str = ""
    source: str = ""
    sites: str = ""
    sites_contig: str = ""


@dataclass(frozen=True)
class ReadsPlan:
    """Size of reads and fragments in bp."""

    length: int = 150
    insert_mean: float = 400.0
    insert_sd: float = 50.0


@dataclass(frozen=True)
class MaskPlan:
    """How the mappability mask is made: a pair every so many bp, and the lowest mean mapping quality."""

    every: int = 20
    lowest: float = 30.0


@dataclass(frozen=True)
class SpectrumPlan:
    """A truth VCF (and its confident BED) to measure rates, zygosity and lengths of variants from."""

    vcf: str = ""
    confident: str = ""


@dataclass(frozen=True)
class SamplePlan:
    """One sample: simulated reads of an individual, or real reads with their truth.

    Attributes
    ----------
    contigs : tuple of str
        The contigs it has reads and truth on.
    depth : float
        Mean depth of distinct molecules.
    error_model : str
        Name of a preset.
    individual : str
        Who it is; samples with the same individual share their variants. Default: the sample's own name.
    delivery : str
        ``fastq``, ``bam`` or ``cram``.
    lanes : int
        Pairs of FASTQ files to spread the reads over.
    fastq : str
        Real reads instead of simulated ones: a FASTQ file with both mates (``/1``, ``/2``) in any order.
    truth : str
        VCF with the truth of the real reads.
    """

    contigs: tuple[str, ...]
    depth: float = 30.0
    error_model: str = "clean"
    individual: str = ""
    delivery: str = "fastq"
    lanes: int = 1
    fastq: str = ""
    truth: str = ""


@dataclass(frozen=True)
class Plan:
    """A whole simulation; the files it makes are a pure function of it and of the files it names."""

    seed: int
    contigs: Mapping[str, ContigPlan]
    samples: Mapping[str, SamplePlan]
    reads: ReadsPlan = field(default_factory=ReadsPlan)
    mask: MaskPlan = field(default_factory=MaskPlan)
    spectrum: SpectrumPlan = field(default_factory=SpectrumPlan)


def load_plan(path: str | os.PathLike[str]) -> Plan:
    """Read and check a plan.

    Environment variables in paths (``$SEQMILL_DATA/...``) are replaced; relative paths are taken from the
    working directory.

    Raises
    ------
    InputError
        When the file is missing or no YAML.
    ConfigErrors
        With every mistake at once: unknown keys (and the nearest known one), wrong types, missing files,
        contigs nobody defined.
    """
    source = Path(path)
    if not source.is_file():
        raise InputError(f"{source}: there is no such plan")
    try:
        content = yaml.safe_load(source.read_text())
    except yaml.YAMLError as error:
        raise InputError(f"{source}: is no YAML ({error})") from error
    problems: list[str] = []
    plan = _plan(content, problems)
    if plan is not None:
        _check(plan, problems)
    if problems or plan is None:
        raise ConfigErrors(str(source), problems)
    return plan


def _plan(content: Any, problems: list[str]) -> Plan | None:
    if not isinstance(content, dict):
        problems.append("wanted a mapping with the keys seed, contigs and samples")
        return None
    content = dict(content)
    for key, kind in (("reads", ReadsPlan), ("mask", MaskPlan), ("spectrum", SpectrumPlan)):
        if key in content:
            content[key] = _typed(kind, content[key], key, problems)
    for key, kind in (("contigs", ContigPlan), ("samples", SamplePlan)):
        group = content.get(key)
        if not isinstance(group, dict) or not group:
            problems.append(f"{key}: wanted a mapping of at least one name, found {group!r}")
            return None
        for name in group:
            if not isinstance(name, str) or not _NAME.match(name):
                problems.append(f"{key}.{name}: a name has to be letters, digits, '_', '.' or '-'")
        content[key] = {str(name): _typed(kind, part, f"{key}.{name}", problems) for name, part in group.items()}
    plan = _typed(Plan, content, "", problems)
    return None if problems else plan


def _typed(kind: type, content: Any, where: str, problems: list[str]) -> Any:
    known = {entry.name: entry for entry in fields(kind)}
    dot = f"{where}." if where else ""
    if not isinstance(content, dict):
        problems.append(f"{where}: wanted a mapping, found {content!r}")
        return None
    values = {}
    for key, value in content.items():
        if key not in known:
            problems.append(f"{dot}{key}: unknown key{nearest(str(key), known)}; known: {', '.join(known)}")
            continue
        values[key] = _value(known[key].type, value, f"{dot}{key}", problems)
    for name, entry in known.items():
        if name not in content and entry.default is MISSING and entry.default_factory is MISSING:
            problems.append(f"{dot}{name}: is missing")
    return None if any(name not in values and e.default is MISSING and e.default_factory is MISSING
                       for name, e in known.items()) else kind(**values)  # fmt: skip


def _value(kind: Any, value: Any, where: str, problems: list[str]) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind in (int, float) and (not isinstance(value, kind) or isinstance(value, bool)):
        problems.append(f"{where}: wanted {'a whole number' if kind is int else 'a number'}, found {value!r}")
        return kind(0)
    if kind is str:
        if not isinstance(value, str):
            problems.append(f"{where}: wanted text, found {value!r}")
            return ""
        text = os.path.expandvars(value)
        if "$" in text:
            problems.append(f"{where}: {value!r} names an environment variable that is not set; export it")
        return text
    if kind == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
            problems.append(f"{where}: wanted a list of names, found {value!r}")
            return ()
        return tuple(value)
    return value


def _check(plan: Plan, problems: list[str]) -> None:
    for name, contig in plan.contigs.items():
        if (contig.random > 0) == bool(contig.fasta):
            problems.append(f"contigs.{name}: wanted either random (a length in bp) or fasta (a file)")
        _files(problems, f"contigs.{name}", fasta=contig.fasta, sites=contig.sites)
    _files(problems, "spectrum", vcf=plan.spectrum.vcf, confident=plan.spectrum.confident)
    for name, sample in plan.samples.items():
        where = f"samples.{name}"
        for contig in sample.contigs:
            if contig not in plan.contigs:
                problems.append(f"{where}.contigs: '{contig}' is not among contigs{nearest(contig, plan.contigs)}")
        if not sample.contigs:
            problems.append(f"{where}.contigs: wanted at least one contig")
        if sample.error_model not in ERROR_MODELS:
            hint = nearest(sample.error_model, ERROR_MODELS)
            problems.append(
                f"{where}.error_model: '{sample.error_model}' is unknown{hint}; one of {', '.join(ERROR_MODELS)}"
            )
        if sample.delivery not in DELIVERIES:
            hint = nearest(sample.delivery, DELIVERIES)
            problems.append(f"{where}.delivery: '{sample.delivery}'{hint}; one of {', '.join(DELIVERIES)}")
        if not (sample.depth > 0 and sample.lanes > 0):
            problems.append(f"{where}: depth and lanes have to be above 0")
        if bool(sample.fastq) != bool(sample.truth):
            problems.append(f"{where}: real reads need both fastq and truth")
        _files(problems, where, fastq=sample.fastq, truth=sample.truth)
    if plan.reads.length < 20 or plan.reads.insert_mean < plan.reads.length or plan.reads.insert_sd < 0:
        problems.append("reads: wanted length >= 20, insert_mean >= length and insert_sd >= 0")
    if plan.mask.every < 1:
        problems.append(f"mask.every: wanted 1 or more, found {plan.mask.every}")


def _files(problems: list[str], where: str, **paths: str) -> None:
    for key, path in paths.items():
        if path and "$" not in path and not Path(path).is_file():
            problems.append(f"{where}.{key}: there is no file {path}")
