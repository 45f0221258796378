"""Examples of a planted sample: every planted allele is there, with its copies."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants import examples as module
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.spec import Options, encoding
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits
from seqmill.shards.schema import arrow_schema
from tests.applications.small_variants.planted import LENGTH, as_facts, plant, reference_text

TEXT = reference_text()


def swap(base: str) -> str:
    return "CGTA"["ACGT".index(base)]


PLANTED = [
    (300, TEXT[300], swap(TEXT[300]), (0, 1)),
    (700, TEXT[700], swap(TEXT[700]), (1, 1)),
    (1100, TEXT[1100], f"{swap(TEXT[1100])},{swap(swap(TEXT[1100]))}", (1, 2)),
    (1500, TEXT[1500:1504], TEXT[1500], (1, 0)),
    (1900, TEXT[1900], TEXT[1900] + "GATTACA", (1, 1)),
    (2960, TEXT[2960], swap(TEXT[2960]), (1, 1)),  # outside the confident regions
]


def job(folder: Path, **changes: object) -> ExamplesJob:
    facts: dict = {
        "sample": "ada",
        "intervals": (Interval("c", 0, LENGTH),),
        "splits": Splits({"train": {"samples": ["ada"], "contigs": ["c"]}}),
        "mean_depth": 25.0,
        "options": Options(rows=40, columns=21),
        **as_facts(plant(folder, PLANTED)),
        **changes,
    }
    return ExamplesJob(**facts)


def table(batches: list[pa.RecordBatch], options: Options) -> list[dict]:
    return (
        pa.Table.from_batches(batches, schema=arrow_schema(encoding(options)))
        .drop_columns(["pileup"])
        .to_pylist()
    )


def test_planted_alleles_get_their_copies(tmp_path: Path) -> None:
    report = LabelReport()
    asked = job(tmp_path)
    rows = table(list(examples(asked, report)), asked.options)
    found = {(row["start"], row["alt"]): row["copies"] for row in rows if row["copies"] > 0}
    assert found[(300, swap(TEXT[300]))] == 1
    assert found[(700, swap(TEXT[700]))] == 2
    assert found[(1100, swap(TEXT[1100]))] == found[(1100, swap(swap(TEXT[1100])))] == 1
    assert sorted(found.values()) == [1, 1, 1, 1, 2, 2]
    assert report.counts == {"truth_reached.snp": 4, "truth_reached.indel": 2}
    assert {row["split"] for row in rows} == {"train"}
    assert all(100 <= row["start"] < LENGTH - 100 for row in rows)


def test_a_truth_allele_without_reads_is_counted_as_missed(tmp_path: Path) -> None:
    silent = (2300, TEXT[2300], swap(TEXT[2300]), (0, 1))
    paths = plant(tmp_path, PLANTED)
    (tmp_path / "other").mkdir()
    paths["truth"] = plant(tmp_path / "other", [*PLANTED[:5], silent, PLANTED[5]])["truth"]
    report = LabelReport()
    list(examples(job(tmp_path, labels=as_facts(paths)["labels"]), report))
    assert report.counts["truth_missed.snp.no_candidate"] == 1


def test_windows_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = job(tmp_path)
    whole = list(examples(asked, LabelReport()))
    monkeypatch.setattr(module, "WINDOW", 333)
    pieces = list(examples(asked, LabelReport()))
    assert len(pieces) > len(whole)
    columns = arrow_schema(encoding(asked.options))
    one, other = (
        pa.Table.from_batches(batches, schema=columns).sort_by("start") for batches in (whole, pieces)
    )
    assert one.equals(other)


def test_each_depth_is_a_smaller_set_of_the_same_reads(tmp_path: Path) -> None:
    asked = job(tmp_path, depths=("full", "12"))
    rows = table(list(examples(asked, LabelReport())), asked.options)
    reads = {(row["depth"], row["start"], row["alt"]): row["reads"] for row in rows}
    shared = [
        (full, reads[("12", *key)])
        for (depth, *key), full in reads.items()
        if depth == "full" and ("12", *key) in reads
    ]
    assert shared and all(few <= full for full, few in shared)
    assert sum(few for _, few in shared) / sum(full for full, _ in shared) == pytest.approx(12 / 25, abs=0.15)
    assert len({row["example_id"] for row in rows}) == len(rows)


def test_without_a_truth_every_candidate_is_given_unlabelled(tmp_path: Path) -> None:
    asked = job(tmp_path, splits=None, labels={})
    rows = table(list(examples(asked, LabelReport())), asked.options)
    assert {row["copies"] for row in rows} == {-1}
    assert {row["start"] for row in rows} >= {300, 700, 1100}


def test_thinned_negatives_are_weighted(tmp_path: Path) -> None:
    options = Options(rows=40, columns=21, train_reference_fraction=0.5)
    rows = table(list(examples(job(tmp_path, options=options), LabelReport())), options)
    assert Counter(row["weight"] for row in rows if row["copies"] > 0) == {1.0: 6}
    assert {row["weight"] for row in rows if row["copies"] == 0} <= {2.0}


def test_a_truth_of_another_build_is_refused_with_the_count(tmp_path: Path) -> None:
    paths = plant(tmp_path, PLANTED)
    text = paths["reference"].read_text().splitlines()[1]
    paths["reference"].write_text(f">c\n{text[1:]}A\n")
    paths["reference"].with_suffix(".fa.fai").unlink(missing_ok=True)
    asked = ExamplesJob(
        sample="ada",
        intervals=(Interval("c", 0, LENGTH),),
        splits=None,
        mean_depth=25.0,
        options=Options(),
        **as_facts(paths),
    )
    with pytest.raises(InputError, match=r"truth\.vcf\.gz.*\d+ of 6"):
        list(examples(asked, LabelReport()))
