"""Calling a new sample, end to end on planted variants, with a score made of counts."""

import gzip

import numpy as np
import pandas as pd
import pysam
import pysam.bcftools
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.scoring import OperatingPoint, OperatingPoints, PredictJob
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.genotypes import genotype
from seqmill.applications.small_variants.predict import cut, histogram_median, predict
from seqmill.applications.small_variants.scored_tables import (
    LOG_PROBABILITIES,
    MIN_QUALITY,
    by_contig,
)
from seqmill.applications.small_variants.spec import Options
from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.variants import read_vcf

LENGTH, READ, STEP = 3000, 100, 8
EDITS = {  # start -> (bases removed, bases put in, genotype)
    400: (1, "snp", (0, 1)),
    900: (1, "snp", (1, 1)),
    1301: (3, "", (0, 1)),
    1800: (0, "ACGTT", (1, 1)),
    2200: (1, "snp", (0, 1)),
}
HOLE = (2500, 2700)


def planted(bases, haplotype):
    """A haplotype as (base, reference position or None), and the variants it carries."""
    walked, position = [], 0
    while position < len(bases):
        removed, put_in, genotype_ = EDITS.get(position, (0, "", (0, 0)))
        if not genotype_[haplotype]:
            removed, put_in = 0, ""
        if put_in == "snp":
            walked.append(("ACGT"["ACGT".index(bases[position]) - 1], position))
            position += 1
            continue
        walked += [(base, None) for base in put_in]
        position += removed
        walked.append((bases[position], position))
        position += 1
    return walked


def cigar_of(walk):
    operations, previous = [], None
    for _, position in walk:
        if position is not None and previous is not None and position > previous + 1:
            operations.append([2, position - previous - 1])
        kind = 1 if position is None else 0
        if operations and operations[-1][0] == kind:
            operations[-1][1] += 1
        else:
            operations.append([kind, 1])
        previous = position if position is not None else previous
    return [tuple(operation) for operation in operations]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A reference of two contigs and error-free reads of one individual, none over the hole."""
    folder = tmp_path_factory.mktemp("world")
    generator = np.random.default_rng(8)
    contigs = {name: "".join(generator.choice(list("ACGT"), LENGTH)) for name in ("q", "r")}
    (folder / "reference.fa").write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs.items()))
    header = {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": name, "LN": LENGTH} for name in contigs],
        "RG": [{"ID": "1", "SM": "eve"}],
    }
    rows = []
    for number, (_, bases) in enumerate(contigs.items()):
        for haplotype in (0, 1):
            walk = planted(bases, haplotype)
            for at in range(haplotype * 3, len(walk) - READ, STEP):
                piece = walk[at : at + READ]
                if piece[0][1] is None or piece[-1][1] is None:
                    continue
                if piece[0][1] < HOLE[1] and piece[-1][1] >= HOLE[0]:
                    continue
                rows.append((number, piece[0][1], haplotype, at, piece))
    with pysam.AlignmentFile(str(folder / "eve.bam"), "wb", header=header) as handle:
        for number, start, haplotype, at, piece in sorted(rows, key=lambda row: row[:2]):
            read = pysam.AlignedSegment(handle.header)
            read.query_name = f"{number}.{haplotype}.{at}"
            read.flag = 16 if at // STEP % 2 else 0
            read.reference_id, read.reference_start, read.mapping_quality = number, start, 60
            read.cigartuples = cigar_of(piece)
            read.query_sequence = "".join(base for base, _ in piece)
            read.query_qualities = pysam.qualitystring_to_array("I" * READ)
            read.set_tag("RG", "1")
            handle.write(read)
    pysam.index(str(folder / "eve.bam"))
    return folder


def score(batch):
    """Log-probabilities from the share of the reads with the allele: certain near 0, 1/2 and 1."""
    share = np.array(batch["support"]) / np.maximum(np.array(batch["reads"]), 1)
    distance = np.abs(share[:, None] - np.array([0.0, 0.5, 1.0]))
    weight = np.exp(-30 * distance)
    return np.log(weight / weight.sum(axis=1, keepdims=True))


def job(world, **changes):
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


def passing(path):
    return [v for v in read_vcf(path) if v.filters == ("PASS",)]


def test_planted_variants_are_called_on_both_contigs(world, tmp_path):
    output = tmp_path / "calls.vcf.gz"
    predict(job(world, output=output))
    for contig in ("q", "r"):
        found = {
            v.start: (len(v.alts[0]) - len(v.ref), v.genotype) for v in passing(output) if v.contig == contig
        }
        kinds = sorted(found.values())
        assert kinds == sorted([(0, (0, 1)), (0, (1, 1)), (-3, (0, 1)), (5, (1, 1)), (0, (0, 1))])
        assert {400, 900, 2200} <= set(found)


def test_predict_equals_evaluate_on_the_same_reads(world, tmp_path):
    output = tmp_path / "calls.vcf.gz"
    predict(job(world, output=output))
    whole = ExamplesJob(
        sample="eve",
        alignments=world / "eve.bam",
        reference=world / "reference.fa",
        intervals=(Interval("q", 0, LENGTH), Interval("r", 0, LENGTH)),
        splits=None,
        truth=None,
        confident=None,
        seed=1,
        options=Options(),
    )
    tables = [
        batch.to_pandas().assign(**dict(zip(LOG_PROBABILITIES, score(batch).T, strict=True)))
        for batch in examples(whole, LabelReport())
    ]
    table = pd.concat(tables, ignore_index=True).sample(frac=1.0, random_state=3)
    expected = [
        (call.contig, call.start, call.ref, call.alts, call.genotype, pytest.approx(call.quality, abs=0.01))
        for rows in by_contig(table, ["q", "r"])
        for call in genotype(rows, min_quality=MIN_QUALITY)
    ]
    found = [(v.contig, v.start, v.ref, v.alts, v.genotype, v.quality) for v in read_vcf(output)]
    assert found == expected


def test_blocks_and_calls_tile_the_reference(world, tmp_path, capfd):
    output = tmp_path / "calls.g.vcf.gz"
    predict(job(world, output=output, all_positions=True))
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


def test_regions_limit_the_calls(world, tmp_path):
    (tmp_path / "some.bed").write_text("r\t350\t950\n")
    predict(job(world, output=tmp_path / "calls.vcf.gz", regions=tmp_path / "some.bed"))
    assert [(v.contig, v.start) for v in read_vcf(tmp_path / "calls.vcf.gz")] == [("r", 400), ("r", 900)]


def test_regions_of_another_reference_are_refused(world, tmp_path):
    (tmp_path / "some.bed").write_text("chrq\t350\t950\n")
    with pytest.raises(InputError, match="'chrq' found"):
        predict(job(world, output=tmp_path / "calls.vcf.gz", regions=tmp_path / "some.bed"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["some.bed"]


@pytest.mark.slow
def test_threads_change_nothing(world, tmp_path):
    for threads in (1, 2):
        predict(job(world, output=tmp_path / f"{threads}.vcf.gz", threads=threads))
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
