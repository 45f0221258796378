"""The sample sheet: which reads, truth and condition belong to each sample."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seqmill.plan.addresses import is_address
from seqmill.plan.sheets import Row, read_sheet

_ALIGNMENTS = (".bam", ".cram")
_SHARED = ("alignments", "truth", "confident", "condition", "consent")


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
    truth, confident : str or None
        Truth VCF, and BED of the regions in which it is complete.
    consent : str or None
        Consent class of the person's data.
    """

    name: str
    condition: str
    fastq: tuple[tuple[str, ...], ...] = ()
    alignments: str | None = None
    truth: str | None = None
    confident: str | None = None
    consent: str | None = None

    @property
    def reads(self) -> tuple[str, ...]:
        """All files that hold its reads."""
        return (self.alignments,) if self.alignments else tuple(path for lane in self.fastq for path in lane)

    @property
    def labels(self) -> tuple[str, ...]:
        """Truth and confident regions, where given."""
        return tuple(path for path in (self.truth, self.confident) if path)

    @property
    def paths(self) -> tuple[str, ...]:
        """All files of the sample."""
        return self.reads + self.labels

    def renamed(self, rename: Callable[[str, str], str]) -> "Sample":
        """Give the sample with what `rename` makes of each path and the column that it stands in."""
        lanes = tuple(
            tuple(rename(path, f"fastq_{mate}") for mate, path in enumerate(lane, start=1))
            for lane in self.fastq
        )
        given = {key: path for key in ("alignments", "truth", "confident") if (path := getattr(self, key))}
        return replace(self, fastq=lanes, **{key: rename(path, key) for key, path in given.items()})


def read_samples(path: Path, schema: Mapping[str, Any]) -> tuple[dict[str, Sample], list[str]]:
    """Read the sample sheet.

    Returns
    -------
    samples : dict
        Name -> `Sample`, in the order of the sheet; samples with a mistake are left out.
    problems : list of str
        One sentence for each mistake.
    """
    rows, problems = read_sheet(path, schema)
    by_name: dict[str, list[tuple[int, Row]]] = {}
    for number, row in rows.items():
        if "sample" in row:
            by_name.setdefault(row["sample"], []).append((number, row))
    samples = {}
    for name, of_sample in by_name.items():
        found = [f"{path}, sample '{name}': {problem}" for problem in _problems(of_sample)]
        problems += found
        if not found and all("condition" in row for _, row in of_sample):
            samples[name] = _sample(name, [row for _, row in of_sample])
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


def _problems(rows: list[tuple[int, Row]]) -> list[str]:
    problems = []
    lines = ", ".join(str(number) for number, _ in rows)
    lanes = [row.get("lane", "") for _, row in rows]
    if len(rows) > 1:
        twice = sorted({lane or "(empty)" for lane in lanes if lanes.count(lane) > 1})
        problems += [f"lane {lane} is there twice (lines {lines})" for lane in twice]
        for column in _SHARED:
            found = sorted({row[column] for _, row in rows if column in row})
            if len(found) > 1:
                problems.append(f"column '{column}' differs between its rows: {', '.join(found)}")
    for number, row in rows:
        if ("fastq_1" in row) == ("alignments" in row):
            count = "both" if "fastq_1" in row else "none"
            problems.append(f"{count} of fastq_1 and alignments given in line {number}, wanted exactly one")
        if "fastq_2" in row and "fastq_1" not in row:
            problems.append(f"fastq_2 without fastq_1 in line {number}")
        if not row.get("alignments", ".bam").endswith(_ALIGNMENTS):
            problems.append(f"alignments: found '{row['alignments']}', wanted a .bam or .cram file")
    if len(rows) > 1 and any("alignments" in row for _, row in rows):
        problems.append(f"alignments stand in a single row, found {len(rows)} (lines {lines})")
    files = [row[column] for _, row in rows for column in ("fastq_1", "fastq_2") if column in row]
    return problems + [f"{name} is listed twice" for name in sorted(set(files)) if files.count(name) > 1]


def _sample(name: str, rows: list[Row]) -> Sample:
    shared = {column: row[column] for row in rows for column in _SHARED if column in row}
    lanes = tuple(
        tuple(row[column] for column in ("fastq_1", "fastq_2") if column in row)
        for row in rows
        if "fastq_1" in row
    )
    return Sample(name=name, fastq=lanes, **shared)
