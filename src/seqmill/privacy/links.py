"""Files of a person under names that tell the sample alone."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ENDINGS = tuple(
    f"{ending}{packed}"
    for ending in (
        ".bam", ".cram", ".fastq", ".fq", ".vcf", ".bcf", ".bed", ".bedpe", ".bedmethyl", ".gff", ".gff3",
        ".gtf", ".tsv", ".csv", ".txt", ".parquet", ".bw",
    )
    for packed in ("", ".gz", ".bgz", ".bz2")
)  # fmt: skip
"""Endings that are kept; another one could be a part of a name."""

VARIANTS = (".vcf", ".vcf.gz", ".vcf.bgz", ".bcf")
"""Endings of files of variants, which are copied as bgzipped VCF."""

_INDEXES = (".bai", ".crai", ".csi", ".tbi")


def ending_of(path: str | os.PathLike[str]) -> str:
    """Give the longest of `ENDINGS` that a file's name has; an empty string where it has none."""
    name = Path(path).name
    return max((one for one in ENDINGS if name.endswith(one)), key=len, default="")


def staged_ending(path: str | os.PathLike[str]) -> str:
    """Give the ending of the copy of a file of labels."""
    ending = ending_of(path)
    return ".vcf.gz" if ending in VARIANTS else ending


@contextmanager
def unnamed(paths: Sequence[str | os.PathLike[str]], sample: str) -> Iterator[list[Path]]:
    """Yield links to files, named by sample and number, so that no message or record tells their names.

    Indexes beside them are linked too. The folder of the links is removed at the end.

    Parameters
    ----------
    paths : sequence of path
        The files.
    sample : str
        Pseudonym of the sample.
    """
    with tempfile.TemporaryDirectory(prefix="seqmill-files-") as folder:
        links = []
        for number, path in enumerate(map(Path, paths), start=1):
            link = Path(folder) / f"{sample}.{number}{ending_of(path)}"
            link.symlink_to(path.resolve())
            links.append(link)
            for suffix in _INDEXES:
                for index in (path.with_name(path.name + suffix), path.with_suffix(suffix)):
                    beside = link.with_name(link.name + suffix)
                    if index.is_file() and not beside.is_symlink():
                        beside.symlink_to(index.resolve())
        yield links
