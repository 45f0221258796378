"""FASTQ to staged BAM: align every lane of a sample with the aligner of choice."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import pysam

from seqmill.progress import progress
from seqmill.reads.embedded import EmbeddedAligner
from seqmill.reads.finish import finish, staging_folder
from seqmill.reads.fragments import Lane, fragments

ALIGNERS = ("mappy", "minimap2", "bwa")


def align_fastq(
    fastqs: Sequence[tuple[str | PathLike[str], str | PathLike[str] | None]],
    reference: str | PathLike[str],
    output_bam: str | PathLike[str],
    *,
    sample: str,
    aligner: str = "mappy",
    threads: int = 1,
) -> None:
    """Align the lanes of a sample into one sorted, duplicate-marked, indexed BAM."""
    output = Path(output_bam)
    reference = Path(reference)
    lanes = [Lane(Path(first), Path(second) if second else None) for first, second in fastqs]
    with pysam.FastaFile(str(reference)) as fasta:
        header = {
            "HD": {"VN": "1.6", "SO": "unsorted", "GO": "query"},
            "SQ": [{"SN": n, "LN": k} for n, k in zip(fasta.references, fasta.lengths, strict=True)],
            "RG": [
                {"ID": f"{sample}.{k}", "SM": sample, "LB": sample, "PL": "ILLUMINA"}
                for k in range(1, len(lanes) + 1)
            ],
        }
    with staging_folder(output) as folder:
        grouped = folder / "grouped.bam"
        sam_header = pysam.AlignmentHeader.from_dict(header)
        engine = EmbeddedAligner(reference, threads=threads)
        with (
            pysam.AlignmentFile(str(grouped), "wb", header=sam_header, format_options=[b"level=1"]) as handle,
            progress(desc=f"aligning {sample}", unit="reads") as bar,
        ):
            for number, lane in enumerate(lanes, start=1):
                for lines in engine.align(fragments(lane), read_group=f"{sample}.{number}"):
                    for line in lines:
                        handle.write(pysam.AlignedSegment.fromstring(line, sam_header))
                    bar.update(len(lines))
        finish(grouped, output, folder=folder, threads=threads)
