"""The shards of a sample hang on nothing but its reads: not on windows, region batches or threads."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants import examples as module
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.spec import Options, encoding
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits
from seqmill.shards.collect import collect
from seqmill.shards.parts import PartWriter
from tests.applications.small_variants.planted import LENGTH, as_facts, plant, reference_text

TEXT = reference_text()
SPLITS = {"train": {"samples": ["ada"], "contigs": ["c"]}}


def swap(base: str) -> str:
    return "CGTA"["ACGT".index(base)]


def snp(start: int, genotype: tuple[int, int]) -> tuple[int, str, str, tuple[int, int]]:
    return start, TEXT[start], swap(TEXT[start]), genotype


# one long cluster in which every other truth allele has no reads, so that its haplotypes must be searched
IN_READS = [
    snp(600, (0, 1)),
    snp(1400, (1, 1)),
    (1480, TEXT[1480:1484], TEXT[1480], (1, 0)),
    snp(1560, (0, 1)),
]
SILENT = [
    snp(1440, (0, 1)),
    (1520, TEXT[1520], TEXT[1520] + "GATTACA", (0, 1)),
    (1585, TEXT[1585:1587], TEXT[1585], (1, 1)),
]


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> ExamplesJob:
    folder = tmp_path_factory.mktemp("layouts")
    paths = plant(folder, IN_READS)
    (folder / "truth").mkdir()
    paths["truth"] = plant(folder / "truth", sorted([*IN_READS, *SILENT]))["truth"]
    return ExamplesJob(
        sample="ada",
        intervals=(Interval("c", 0, LENGTH),),
        splits=Splits(SPLITS),
        depths=("full", "12"),
        mean_depth=25.0,
        options=Options(rows=16, columns=21, min_support=1, train_reference_fraction=0.5),
        **as_facts(paths),
    )


def build(job: ExamplesJob, folder: Path, cuts: list[int], *, threads: int = 1) -> dict[str, bytes]:
    """Give the bytes of all shards, made by one job for each piece."""
    folder.mkdir(parents=True, exist_ok=True)
    edges = [0, *cuts, LENGTH]
    pieces = list(pairwise(edges))

    def work(number: int) -> Path:
        report, path = LabelReport(), folder / f"{number}.part.parquet"
        piece = replace(job, intervals=(Interval("c", *pieces[number]),))
        with PartWriter(path, encoding(job.options), seed=job.seed) as writer:
            for batch in examples(piece, report):
                writer.write(batch)
            writer.describe(counts=report.counts, classes=report.classes)
        return path

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(work, range(len(pieces))))
    made = collect(
        parts,
        folder / "dataset",
        dataset="planted",
        encoding=encoding(job.options),
        splits=SPLITS,
        seed=job.seed,
        inputs={},
        reference={"path": "", "checksum": ""},
    )
    return {shard.name: (folder / "dataset" / shard.name).read_bytes() for shard in made.shards}


@pytest.fixture(scope="module")
def whole(job: ExamplesJob, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build(job, tmp_path_factory.mktemp("whole"), [])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    window=st.integers(150, 1700),
    cuts=st.sets(st.integers(1380, 1620) | st.integers(200, LENGTH - 200), max_size=3),
    threads=st.sampled_from([1, 2]),
)
def test_windows_batches_and_threads_change_no_byte(
    job: ExamplesJob,
    whole: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    window: int,
    cuts: set[int],
    threads: int,
) -> None:
    monkeypatch.setattr(module, "WINDOW", window)
    folder = tmp_path / f"{window}-{'-'.join(map(str, sorted(cuts)))}-{threads}"
    assert build(job, folder, sorted(cuts), threads=threads) == whole


def test_the_report_counts_each_truth_allele_once(job: ExamplesJob) -> None:
    def counts(*cuts: int) -> dict[str, int]:
        report = LabelReport()
        edges = [0, *cuts, LENGTH]
        for start, end in pairwise(edges):
            list(examples(replace(job, intervals=(Interval("c", start, end),)), report))
        return report.counts

    assert counts() == counts(1450, 1500, 1530) == counts(700)
    assert sum(counts().values()) == 2 * (len(IN_READS) + len(SILENT))


def test_an_example_is_encoded_alike_whether_its_neighbours_are_kept_or_not(job: ExamplesJob) -> None:
    def payloads(share: float) -> dict[int, bytes]:
        options = replace(job.options, train_reference_fraction=share)
        return {
            row["example_id"]: row["pileup"]
            for batch in examples(replace(job, options=options), LabelReport())
            for row in batch.to_pylist()
        }

    few, all_of_them = payloads(0.2), payloads(1.0)
    assert few.items() <= all_of_them.items()
