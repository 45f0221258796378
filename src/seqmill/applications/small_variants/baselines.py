"""The classical callers, ``bcftools call`` and freebayes, unfiltered so that a threshold can be chosen."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pysam
import pysam.bcftools

from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.intervals import Interval, Regions, write_bed

_MAX_DEPTH = 1000
_PRIOR = 5e-3
_Job = Callable[[str, Path, Path], None]


def call_bcftools(
    alignments: Path, reference: Path, regions: Regions, output: Path, *, threads: int = 1
) -> None:
    """Call variants with ``bcftools mpileup`` and ``bcftools call --multiallelic-caller``.

    The bcftools inside pysam is used, so it is always there. Its defaults hold but for two: no cap on
    depth that matters, and a prior of variation a few times wider than its 1.1e-3, because at low depth
    the narrow one drops the sites among which the best threshold lies.

    Parameters
    ----------
    alignments : Path
        Sorted, indexed BAM or CRAM of one sample.
    reference : Path
        FASTA.
    regions : Regions
        Where to call.
    output : Path
        Bgzipped VCF to write; its index lies beside it.
    threads : int
        Contigs called at once.

    Raises
    ------
    InputError
        When bcftools fails on the input.
    """
    _by_contig(partial(_bcftools, alignments, reference), regions, output, threads)


def call_freebayes(
    alignments: Path, reference: Path, regions: Regions, output: Path, *, threads: int = 1
) -> None:
    """Call variants with freebayes and its defaults, all of whatever quality.

    Parameters
    ----------
    alignments : Path
        Sorted, indexed BAM or CRAM of one sample.
    reference : Path
        FASTA, not compressed.
    regions : Regions
        Where to call.
    output : Path
        Bgzipped VCF to write; its index lies beside it.
    threads : int
        Contigs called at once.

    Raises
    ------
    InputError
        When the program is not installed, or fails on the input.
    """
    if not has_freebayes():
        raise InputError(
            "freebayes: not present on the PATH; install it (Debian: apt install freebayes; "
            "conda: bioconda::freebayes), or take the baseline out of the config"
        )
    _by_contig(partial(_freebayes, alignments, reference), regions, output, threads)


def has_freebayes() -> bool:
    """Say whether the freebayes program is installed."""
    return shutil.which("freebayes") is not None


def _bcftools(alignments: Path, reference: Path, contig: str, bed: Path, output: Path) -> None:
    likelihoods = output.with_suffix(".bcf")
    try:
        pysam.bcftools.mpileup(
            *("-f", str(reference), "-r", contig, "-T", str(bed)),
            *("-a", "FORMAT/AD,FORMAT/DP", "-d", str(_MAX_DEPTH), "-L", str(_MAX_DEPTH)),
            *("-O", "u", "-o", str(likelihoods), str(alignments)),
            catch_stdout=False,
        )
        pysam.bcftools.call(
            *("-m", "-v", "-P", str(_PRIOR), "-O", "v", "-o", str(output), str(likelihoods)),
            catch_stdout=False,
        )
    except pysam.SamtoolsError as error:
        raise InputError(f"{alignments}: bcftools cannot call it ({str(error).strip()})") from None
    likelihoods.unlink()


def _freebayes(alignments: Path, reference: Path, contig: str, bed: Path, output: Path) -> None:
    command = ["freebayes", "-f", reference, "-t", bed, "--vcf", output, alignments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise InputError(f"{alignments}: freebayes cannot call {contig} ({done.stderr.strip()})")


def _by_contig(job: _Job, regions: Regions, output: Path, threads: int) -> None:
    """Call each contig in its own process, and write the calls of all as one indexed file."""
    if not regions.size:
        raise InputError(f"{output}: no region to call in; the confident regions and the contigs do not meet")
    with tempfile.TemporaryDirectory(prefix="seqmill-calls-") as folder:
        work = []
        for number, contig in enumerate(regions.contigs):
            bed = Path(folder, f"{number}.bed")
            write_bed(bed, Regions(_on(regions, contig)))
            work.append((contig, bed, bed.with_suffix(".vcf")))
        if threads > 1 and len(work) > 1:
            with ProcessPoolExecutor(threads, mp_context=get_context("spawn")) as pool:
                list(pool.map(job, *zip(*work, strict=True)))
        else:
            for arguments in work:
                job(*arguments)
        _join([calls for _, _, calls in work], output)


def _on(regions: Regions, contig: str) -> list[Interval]:
    starts, ends = regions.starts(contig).tolist(), regions.ends(contig).tolist()
    return [Interval(contig, start, end) for start, end in zip(starts, ends, strict=True)]


def _join(parts: list[Path], output: Path) -> None:
    with atomic_path(output) as aside:
        with pysam.BGZFile(str(aside), "w") as joined:
            for number, part in enumerate(parts):
                lines = part.read_bytes().splitlines(keepends=True)
                joined.write(b"".join(line for line in lines if not (number and line.startswith(b"#"))))
    pysam.tabix_index(str(output), preset="vcf", force=True)
