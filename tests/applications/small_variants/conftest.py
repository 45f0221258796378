"""A small individual with planted variants: reference, truth, confident regions and error-free reads."""

import numpy as np
import pandas as pd
import pysam
import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.scored_tables import LOG_PROBABILITIES
from seqmill.applications.small_variants.spec import Options
from seqmill.files import write_json
from seqmill.genome.intervals import Interval

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


@pytest.fixture(scope="session")
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
    write_truth(folder / "truth.vcf.gz", contigs)
    (folder / "confident.bed").write_text(
        "".join(f"{name}\t0\t{HOLE[0]}\n{name}\t{HOLE[1]}\t{LENGTH}\n" for name in contigs)
    )
    write_json(folder / "eve.report.json", {"mean_depth": 25.0})
    return folder


def write_truth(path, contigs):
    lines = ["##fileformat=VCFv4.3", *(f"##contig=<ID={name},length={LENGTH}>" for name in contigs)]
    lines += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    lines += ["#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\teve"]
    for name, bases in contigs.items():
        for start, (removed, put_in, genotype) in EDITS.items():
            anchor, ref = start - 1, bases[start - 1 : start + removed]
            alt = bases[start - 1] + put_in
            if put_in == "snp":
                anchor, ref, alt = start, bases[start], "ACGT"["ACGT".index(bases[start]) - 1]
            called = "/".join(map(str, genotype))
            lines.append(f"{name}\t{anchor + 1}\t.\t{ref}\t{alt}\t.\tPASS\t.\tGT\t{called}")
    with pysam.BGZFile(str(path), "w") as handle:
        handle.write(("\n".join(lines) + "\n").encode())
    pysam.tabix_index(str(path), preset="vcf", force=True)


@pytest.fixture
def plan(world):
    """A dataset plan in which one contig validates and the other tests."""
    return {
        "dataset": "planted",
        "application": "small_variants",
        "options": {},
        "splits": {
            "validation": {"samples": ["eve"], "contigs": ["q"]},
            "test": {"samples": ["eve"], "contigs": ["r"]},
        },
        "seed": 1,
        "reference": str(world / "reference.fa"),
        "depths": {"eve": ["full", "10"]},
        "samples": {
            "eve": {
                "truth": str(world / "truth.vcf.gz"),
                "confident": str(world / "confident.bed"),
                "condition": "clean",
            }
        },
        "evaluation": {},
    }


def share_score(batch):
    """Log-probabilities from the share of the reads with the allele: certain near 0, 1/2 and 1."""
    share = np.array(batch["support"]) / np.maximum(np.array(batch["reads"]), 1)
    distance = np.abs(share[:, None] - np.array([0.0, 0.5, 1.0]))
    weight = np.exp(-30 * distance)
    return np.log(weight / weight.sum(axis=1, keepdims=True))


@pytest.fixture
def score():
    return share_score


@pytest.fixture
def scored_examples(world):
    """Candidates of the whole individual at given depths, with their log-probabilities, shuffled."""

    def table(*depths):
        job = ExamplesJob(
            sample="eve",
            alignments=world / "eve.bam",
            reference=world / "reference.fa",
            intervals=(Interval("q", 0, LENGTH), Interval("r", 0, LENGTH)),
            splits=None,
            depths=depths,
            mean_depth=25.0,
            seed=1,
            options=Options(),
        )
        tables = [
            batch.to_pandas().assign(**dict(zip(LOG_PROBABILITIES, share_score(batch).T, strict=True)))
            for batch in examples(job, LabelReport())
        ]
        return pd.concat(tables, ignore_index=True).sample(frac=1.0, random_state=3)

    return table
