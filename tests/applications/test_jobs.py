"""Jobs of a dataset plan."""

from pathlib import Path

import pytest

from seqmill.applications.application import find_application
from seqmill.applications.jobs import (
    encoding_on,
    example_options,
    job_from_plan,
    open_reference,
    sample_batches,
)
from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.intervals import Interval
from seqmill.genome.splits import Splits

SPLITS = {
    "train": {"samples": ["ada"], "contigs": ["a", "b"]},
    "test": {"samples": ["eve"], "contigs": ["c"]},
}


def plan(folder: Path) -> dict:
    reference = folder / "r.fa"
    reference.write_text(">a\n" + "A" * 70 + "\n>b\n" + "C" * 30 + "\n>c\n" + "G" * 10 + "\n")
    return {
        "application": "small_variants",
        "reference": str(reference),
        "splits": SPLITS,
        "region_batch": 50,
        "seed": 4,
        "options": {"rows": 20},
        "depths": {"ada": ["full", 10]},
        "samples": {"ada": {"truth": "t.vcf.gz", "confident": "c.bed"}},
    }


def job(folder: Path, **changes: object):
    facts = {"sample": "ada", "batch": 0, "alignments": Path("ada.bam"), "read_report": {"mean_depth": 31.5}}
    return job_from_plan(plan(folder), **{**facts, **changes})


def test_only_the_contigs_that_a_split_uses_make_batches() -> None:
    contigs = {"a": 70, "b": 30, "c": 10}
    batches = sample_batches(contigs, Splits(SPLITS), "ada", 50)
    covered = [interval for batch in batches for interval in batch]
    assert {interval.contig for interval in covered} == {"a", "b"}
    assert sum(len(interval) for interval in covered) == 100
    assert sample_batches(contigs, Splits(SPLITS), "eve", 50) == [[Interval("c", 0, 10)]]


def test_a_job_carries_the_facts_of_plan_and_report(tmp_path: Path) -> None:
    made = job(tmp_path)
    assert (made.sample, made.depths, made.mean_depth, made.seed) == ("ada", ("full", "10"), 31.5, 4)
    assert made.options.rows == 20
    assert made.splits is not None and made.splits.of("ada", "a") == "train"


def test_an_unknown_sample_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"sample 'adaa' is not in the plan \(did you mean 'ada'\?\)"):
        job(tmp_path, sample="adaa")


def test_a_batch_that_was_not_planned_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"batch 9 asked for, \d batches planned"):
        job(tmp_path, batch=9)


def test_unknown_options_are_all_named_with_the_nearest() -> None:
    with pytest.raises(ConfigErrors) as caught:
        example_options(
            find_application("small_variants"), {"row": 3, "collumns": 5, "rows": "8"}, source="plan.json"
        )
    assert len(caught.value.problems) == 3
    assert "did you mean 'rows'" in str(caught.value) and "did you mean 'columns'" in str(caught.value)


@pytest.mark.parametrize("options", [{"columns": 40}, {"rows": 0}, {"train_reference_fraction": 0.0}])
def test_values_out_of_range_name_key_and_range(options: dict) -> None:
    with pytest.raises(InputError, match=rf"options\.{next(iter(options))}: found .*want"):
        example_options(find_application("small_variants"), options, source="plan.json")


def test_contigs_bring_their_median_depth_between_whole_depths(tmp_path: Path) -> None:
    contigs = {
        "a": {"depth_histogram": [0, 10, 10]},
        "b": {"depth_histogram": [0, 0, 4, 4, 2]},
        "c": {"length": 10},
        "d": {"depth_histogram": [7]},
    }
    made = job(tmp_path, read_report={"mean_depth": 3.0, "contigs": contigs})
    assert made.contig_depth == {"a": 1.5, "b": pytest.approx(2.75), "d": 0.0}


def test_a_job_names_the_files_of_its_labels(tmp_path: Path) -> None:
    made = job(tmp_path)
    assert made.labels == {"truth": Path("t.vcf.gz"), "confident": Path("c.bed")}
    assert made.files == {}


def test_a_genome_and_an_index_of_tables_are_told_apart_by_their_ending(tmp_path, planted_screen):
    plan(tmp_path)
    application = find_application("drug_response")
    with open_reference(tmp_path / "r.fa") as genome:
        assert genome.contigs == {"a": 70, "b": 30, "c": 10}
        assert not encoding_on(application, application.options(), genome).tables
    with open_reference(planted_screen.jobs["cell"].reference) as index:
        assert index.contigs["cell_0"] == 1
        encoding = encoding_on(application, application.options(), index)
    assert encoding.tables["profiles"]["expression"]["size"] == 8
    assert encoding.columns == application.encoding(application.options()).columns
