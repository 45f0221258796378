"""Calling a new sample, end to end on planted variants, with a score made of counts."""

import gzip

import numpy as np
import pysam
import pysam.bcftools
import pytest

from seqmill.applications.scoring import OperatingPoint, OperatingPoints, PredictJob
from seqmill.applications.small_variants.genotypes import genotype
from seqmill.applications.small_variants.predict import cut, histogram_median, predict
from seqmill.applications.small_variants.scored_tables import (
    MIN_QUALITY,
    by_contig,
)
from seqmill.applications.small_variants.spec import Options
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.variants import read_vcf

LENGTH, HOLE = 3000, (2500, 2700)


@pytest.fixture
def job(world, score):
    """Give a job with changes."""

    def of(**changes):
        values = {
            "options": Options(),
            "score": score,
            "sample": "eve",
            "alignments": world / "eve.bam",
            "points": OperatingPoints(
                [OperatingPoint(kind=kind, coverage=20, quality=3.0) for kind in ("snp", "indel")]
            ),
            "reference": world / "reference.fa",
            "output": world / "calls.vcf.gz",
            "regions": None,
            "all_positions": False,
            "lineage": {"checkpoint": "a" * 64},
            "seed": 1,
            "threads": 1,
        }
        return PredictJob(**values | changes)

    return of


def passing(path):
    return [v for v in read_vcf(path) if v.filters == ("PASS",)]


def test_planted_variants_are_called_on_both_contigs(job, tmp_path):
    output = tmp_path / "calls.vcf.gz"
    predict(job(output=output))
    for contig in ("q", "r"):
        found = {
            v.start: (len(v.alts[0]) - len(v.ref), v.genotype) for v in passing(output) if v.contig == contig
        }
        kinds = sorted(found.values())
        assert kinds == sorted([(0, (0, 1)), (0, (1, 1)), (-3, (0, 1)), (5, (1, 1)), (0, (0, 1))])
        assert {400, 900, 2200} <= set(found)


def test_predict_equals_evaluate_on_the_same_reads(job, scored_examples, tmp_path):
    output = tmp_path / "calls.vcf.gz"
    predict(job(output=output))
    expected = [
        (call.contig, call.start, call.ref, call.alts, call.genotype, pytest.approx(call.quality, abs=0.01))
        for rows in by_contig(scored_examples("full"), ["q", "r"])
        for call in genotype(rows, min_quality=MIN_QUALITY)
    ]
    found = [(v.contig, v.start, v.ref, v.alts, v.genotype, v.quality) for v in read_vcf(output)]
    assert found == expected


def test_blocks_and_calls_tile_the_reference(job, tmp_path, capfd):
    output = tmp_path / "calls.g.vcf.gz"
    predict(job(output=output, all_positions=True))
    lines = [line.split("\t") for line in gzip.open(output, "rt") if not line.startswith("#")]
    for contig in ("q", "r"):
        covered = np.zeros(LENGTH, int)
        calls = np.full(LENGTH, "", dtype=object)
        for name, position, _, ref, alt, _, _, info, _, value in lines:
            if name == contig:
                start = int(position) - 1
                end = int(info.removeprefix("END=")) if alt == "<*>" else start + len(ref)
                covered[start:end] += 1
                calls[start:end] = value.split(":")[0]
        assert set(covered) == {1}
        assert set(calls[HOLE[0] + 5 : HOLE[1] - 5]) == {"./."}
        assert set(calls[1000:1200]) == {"0/0"}
    pysam.bcftools.view(str(output), catch_stdout=True)
    assert capfd.readouterr().err == ""


def test_regions_limit_the_calls(job, tmp_path):
    (tmp_path / "some.bed").write_text("r\t350\t950\n")
    predict(job(output=tmp_path / "calls.vcf.gz", regions=tmp_path / "some.bed"))
    assert [(v.contig, v.start) for v in read_vcf(tmp_path / "calls.vcf.gz")] == [("r", 400), ("r", 900)]


def test_regions_of_another_reference_are_refused(job, tmp_path):
    (tmp_path / "some.bed").write_text("chrq\t350\t950\n")
    with pytest.raises(InputError, match="found 'chrq', wanted 'q'"):
        predict(job(output=tmp_path / "calls.vcf.gz", regions=tmp_path / "some.bed"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["some.bed"]


@pytest.mark.slow
def test_threads_change_nothing(job, tmp_path):
    for threads in (1, 2):
        predict(job(output=tmp_path / f"{threads}.vcf.gz", threads=threads))
    assert (tmp_path / "1.vcf.gz").read_bytes() == (tmp_path / "2.vcf.gz").read_bytes()


def test_cut_keeps_order_and_size():
    regions = Regions([Interval("b", 5, 30), Interval("a", 0, 10)])
    assert cut(regions, 10) == [
        Interval("b", 5, 15),
        Interval("b", 15, 25),
        Interval("b", 25, 30),
        Interval("a", 0, 10),
    ]


@pytest.mark.parametrize("values", [[3], [1, 2], [0, 0, 7], [5, 1, 9, 9], []])
def test_histogram_median(values):
    assert histogram_median(np.bincount(np.array(values, int))) == (np.median(values) if values else 0.0)
