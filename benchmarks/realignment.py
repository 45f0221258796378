"""What aligning reads to both haplotypes of an indel is worth: F1 of genotypes with it and without it.

Both sides see the same candidates and reads of `inputs` and call by the same likelihood, a mixture over the
reads of a diploid site. With realignment each read has the log-likelihood ratio stored in its row; without,
what its own alignment says: the allele, the reference where it spans the site and its repeat, or nothing.
Each side is given its best threshold.

    python benchmarks/realignment.py [--quick] [--json FILE]
"""

from dataclasses import replace

import numpy as np
from examples import job_of
from harness import Claim, claim, main
from inputs import CONTIG, SAMPLE, one_megabase

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.small_variants.examples import examples
from seqmill.applications.small_variants.layout import LLR_STEPS, LLR_ZERO, SUPPORTS_ALT, SUPPORTS_REF
from seqmill.applications.small_variants.spec import SCALARS
from seqmill.genome.splits import Splits
from seqmill.shards.cells import decoding_table, unpack_cells

DEPTHS = ("full", "15", "8")
SHARES = np.array([0.002, 0.5, 0.998])  # of the reads with the allele, by copies
TELLING = 10.36  # nats: a gap of phred 45, as the realignment has it
SNP = 1


def labelled_job() -> ExamplesJob:
    """Describe the labelled examples of the megabase at several depths."""
    folder = one_megabase()
    return replace(
        job_of(folder / "s.bam"),
        splits=Splits({"test": {"samples": [SAMPLE], "contigs": [CONTIG]}}),
        labels={
            "truth": folder / SAMPLE / "truth.vcf.gz",
            "confident": folder / SAMPLE / "confident.bed",
        },
        depths=DEPTHS,
    )


def ratios(pileup: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    """Give each read's ratio with and without realignment, from the rows of one pileup."""
    scalars = pileup[1:, columns:].astype(np.int64)
    flags = scalars[:, 1]
    spanning = (pileup[1:, columns // 2] > 0) & (flags & SUPPORTS_REF > 0)
    written = np.where(flags & SUPPORTS_ALT, TELLING, np.where(spanning, -TELLING, 0.0))
    return (scalars[:, 2] - LLR_ZERO) / LLR_STEPS, written


def call(ratio: np.ndarray) -> tuple[int, float]:
    """Give the likeliest copies among 1 and 2, and how much likelier (nats) than none."""
    likelihood = np.log((1 - SHARES)[:, None] + SHARES[:, None] * np.exp(ratio)[None, :]).sum(axis=1)
    copies = 1 + int(likelihood[2] > likelihood[1])
    return copies, float(likelihood[copies] - likelihood[0])


def best_f1(calls: list[tuple[int, float]], labels: list[int], truths: int) -> float:
    """Give the F1 of genotypes at the best threshold."""
    order = np.argsort([-score for _, score in calls], kind="stable")
    right = np.cumsum([calls[i][0] == labels[i] for i in order])
    called = np.arange(1, len(order) + 1)
    return float((2 * right / (called + truths)).max())


def claims(*, quick: bool) -> list[Claim]:
    """Compare the two at each depth."""
    job = labelled_job()
    cells, row_bytes = job.options.columns, job.options.columns + SCALARS
    payload, table = np.empty((job.options.rows + 1) * row_bytes, np.uint8), decoding_table()
    made = []
    for depth in DEPTHS[1:2] if quick else DEPTHS:
        report = LabelReport()
        sides: tuple[list, list] = ([], [])
        labels = []
        for batch in examples(replace(job, depths=(depth,)), report):
            for row in batch.select(["copies", "pileup"]).to_pylist():
                packed = np.frombuffer(row["pileup"], np.uint8)
                size = unpack_cells(packed, cells, SCALARS, table, payload)
                pileup = payload[:size].reshape(-1, row_bytes)
                if pileup[0, cells] == SNP:
                    continue
                labels.append(row["copies"])
                for side, ratio in zip(sides, ratios(pileup, cells), strict=True):
                    side.append(call(ratio))
        truths = sum(n for name, n in report.counts.items() if ".indel" in name)
        with_it, without = (best_f1(side, labels, truths) for side in sides)
        made.append(
            claim(
                f"realignment_{depth}",
                f"indel F1 with realigned ratios, depth {'30' if depth == 'full' else depth}",
                ours=with_it,
                peer=without,
                peer_name="the reads' own alignments",
                goal=1.0,
                unit="F1",
                note=f"{truths} indels, {len(labels)} candidates",
            )
        )
    return made


if __name__ == "__main__":
    main(claims)
