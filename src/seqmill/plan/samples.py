"""The sample sheet: which reads, labels and condition belong to each sample."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seqmill.plan.addresses import is_address
from seqmill.plan.expand import expanded
from seqmill.plan.sheets import Row, read_sheet

_ALIGNMENTS = (".bam", ".cram")
_TABLES = ("fragments", "regions")
_SINGLE = ("alignments", *_TABLES)
_SHARED = (*_SINGLE, "condition", "consent")
_SOURCES = ("fastq_1", *_SINGLE)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One sample of the sheet; each file by its path, or by its address in a store.

    Attributes
    ----------
    name, condition : str
        Its name, and the name of its noise or cohort.
    fastq : tuple of tuple of str
        For each lane one file (single or interleaved) or two (pairs); empty with `alignments`.
    alignments : str or None
        BAM or CRAM.
    fragments : str or None
        BED or BEDPE of sequenced fragments.
    regions : str or None
        BED of labelled regions that stand for reads.
    labels : dict
        Column of the application's -> file of labels; columns without a file are absent.
    consent : str or None
        Consent class of the person's data.
    rows : bool
        Whether it is rows of the plan of profiles, which names their files.
    """

    name: str
    condition: str
    fastq: tuple[tuple[str, ...], ...] = ()
    alignments: str | None = None
    fragments: str | None = None
    regions: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    consent: str | None = None
    rows: bool = False

    @property
    def reads(self) -> tuple[str, ...]:
        """All files that hold its reads."""
        single = self.alignments or self.fragments or self.regions
        return (single,) if single else tuple(path for lane in self.fastq for path in lane)

    @property
    def kind(self) -> str:
        """Which form its reads are staged in: ``alignments``, ``fragments``, ``regions`` or ``rows``."""
        if self.rows:
            return "rows"
        return next((name for name in _TABLES if getattr(self, name)), "alignments")

    @property
    def paths(self) -> tuple[str, ...]:
        """All files of the sample."""
        return (*self.reads, *self.labels.values())

    def renamed(self, rename: Callable[[str, str], str]) -> "Sample":
        """Give the sample with what `rename` makes of each path and the column that it stands in."""
        lanes = tuple(
            tuple(rename(path, f"fastq_{mate}") for mate, path in enumerate(lane, start=1))
            for lane in self.fastq
        )
        single = {key: path for key in _SINGLE if (path := getattr(self, key))}
        return replace(
            self,
            fastq=lanes,
            labels={key: rename(path, key) for key, path in self.labels.items()},
            **{key: rename(path, key) for key, path in single.items()},
        )


def read_samples(
    path: Path, schema: Mapping[str, Any], labels: Sequence[str] | None = (), *, rows: bool = False
) -> tuple[dict[str, Sample], list[str]]:
    """Read the sample sheet.

    Parameters
    ----------
    path : Path
        The sheet.
    schema : mapping
        Its schema, without the columns of labels.
    labels : sequence of str or None
        Columns of the application's labels, which may stand in the sheet too; None when the application is
        not known, and then any column may.
    rows : bool
        Whether samples are rows of a plan of profiles, and name no files.

    Returns
    -------
    samples : dict
        Name -> `Sample`, in the order of the sheet; samples with a mistake are left out.
    problems : list of str
        One sentence for each mistake.
    """
    read, problems = read_sheet(path, _with_labels(schema, labels))
    lines = {number: expanded(row, problems, where=f"{path}, line {number}") for number, row in read.items()}
    by_name: dict[str, list[tuple[int, Row]]] = {}
    for number, row in lines.items():
        if "sample" in row:
            by_name.setdefault(row["sample"], []).append((number, row))
    samples = {}
    for name, of_sample in by_name.items():
        told = _problems(of_sample, labels or (), rows=rows)
        found = [f"{path}, sample '{name}': {problem}" for problem in told]
        problems += found
        if not found and all("condition" in row for _, row in of_sample):
            sample = _sample(name, [row for _, row in of_sample], labels or ())
            samples[name] = replace(sample, rows=rows)
    return samples, problems


def missing_files(samples: Mapping[str, Sample], *, generated: Path | None) -> list[str]:
    """Name the files of the sheet that are not on disk and that no generator will write below `generated`."""
    return [
        f"sample '{sample.name}': {path}: no such file"
        for sample in samples.values()
        for path in sample.paths
        if not is_address(path)
        and not (generated and Path(path).is_relative_to(generated))
        and not Path(path).is_file()
    ]


def _with_labels(schema: Mapping[str, Any], labels: Sequence[str] | None) -> dict[str, Any]:
    if labels is None:
        return {**schema, "x-open": True}
    columns = {name: {"type": "string"} for name in labels}
    return {**schema, "properties": {**schema["properties"], **columns}}


def _problems(of_sample: list[tuple[int, Row]], labels: Sequence[str], *, rows: bool) -> list[str]:
    problems = []
    lines = ", ".join(str(number) for number, _ in of_sample)
    lanes = [row.get("lane", "") for _, row in of_sample]
    if len(of_sample) > 1:
        twice = sorted({lane or "(empty)" for lane in lanes if lanes.count(lane) > 1})
        problems += [f"lane {lane} is there twice (lines {lines})" for lane in twice]
        for column in (*_SHARED, *labels):
            found = sorted({row[column] for _, row in of_sample if column in row})
            if len(found) > 1:
                problems.append(f"column '{column}' differs between its rows: {', '.join(found)}")
    for number, row in of_sample:
        given = [column for column in _SOURCES if column in row]
        if rows and given:
            problems.append(f"{given[0]} given in line {number}, but the plan of profiles names its files")
        elif not rows and len(given) != 1:
            found = " and ".join(given) or "none"
            problems.append(f"{found} given in line {number}, wanted exactly one of {', '.join(_SOURCES)}")
        if "fastq_2" in row and "fastq_1" not in row:
            problems.append(f"fastq_2 without fastq_1 in line {number}")
        if not row.get("alignments", ".bam").endswith(_ALIGNMENTS):
            problems.append(f"alignments: found '{row['alignments']}', wanted a .bam or .cram file")
    problems += [
        f"{column} stand in a single row, found {len(of_sample)} (lines {lines})"
        for column in _SINGLE
        if len(of_sample) > 1 and any(column in row for _, row in of_sample)
    ]
    files = [row[column] for _, row in of_sample for column in ("fastq_1", "fastq_2") if column in row]
    return problems + [f"{name} is listed twice" for name in sorted(set(files)) if files.count(name) > 1]


def _sample(name: str, rows: list[Row], labels: Sequence[str]) -> Sample:
    shared = {column: row[column] for row in rows for column in _SHARED if column in row}
    lanes = tuple(
        tuple(row[column] for column in ("fastq_1", "fastq_2") if column in row)
        for row in rows
        if "fastq_1" in row
    )
    told = {column: row[column] for column in labels for row in rows if column in row}
    return Sample(name=name, fastq=lanes, labels=told, **shared)
