"""The contigs of a reference, known before any job has run."""

from collections.abc import Mapping
from pathlib import Path

from seqmill.errors import ConfigErrors, InputError, SeqmillError
from seqmill.profiles.plan import load_profiles_plan

_BATCHES = 4
_LEAST = 5_000_000


def region_batch(contigs: Mapping[str, int]) -> int:
    """Give the bases of an examples job where nobody chose: a quarter of the reference, at least 5 Mb.

    A job's memory does not grow with its regions, so the number of jobs is what counts: a large genome has a
    handful for each sample rather than hundreds, and a plan of hundreds of samples stays one that Snakemake
    can hold.
    """
    return max(_LEAST, -(-sum(contigs.values()) // _BATCHES))


def reference_contigs(
    reference: str,
    *,
    simulate: str | None = None,
    pack: str | None = None,
    profiles: str | None = None,
    index: Path | None = None,
) -> tuple[dict[str, int], list[str]]:
    """Give contig -> length (bases) from the FASTA, or from the plan by which it will be written.

    Parameters
    ----------
    reference : str
        The FASTA.
    simulate : str or None
        The generator's plan.
    pack : str or None
        The plan of sequences that are packed.
    profiles : str or None
        The plan of profiles, whose folds are contigs of length 1.
    index : Path, optional
        The FASTA's index, where that alone is at hand.

    Returns
    -------
    contigs : dict
        In the order of the reference; empty when it cannot be read.
    problems : list of str
        One sentence for each mistake.
    """
    try:
        if simulate:
            return _planned(simulate), []
        if pack:
            return _packed(pack, Path(f"{reference}.fai")), []
        if profiles:
            return load_profiles_plan(profiles).contigs, []
        if index:
            return _rows(index), []
        return _indexed(reference), []
    except ConfigErrors as error:
        return {}, [f"{error.source}: {problem}" for problem in error.problems]
    except SeqmillError as error:
        return {}, [str(error)]
    except FileNotFoundError as error:
        return {}, [f"{error.filename}: no such file"]


def _planned(plan: str) -> dict[str, int]:
    from seqmill.simulate.plan import load_plan

    lengths = {}
    for name, contig in load_plan(plan).contigs.items():
        held = {} if contig.random else _indexed(contig.fasta)
        lengths[name] = contig.random or held.get(contig.source) or next(iter(held.values()))
    return lengths


def _packed(plan: str, index: Path) -> dict[str, int]:
    from seqmill.packing.pack import packed_contigs
    from seqmill.packing.plan import load_pack_plan

    content = load_pack_plan(plan)
    made_of = [Path(plan), *(Path(source.path) for source in content.sources)]
    if index.is_file() and index.stat().st_mtime > max(path.stat().st_mtime for path in made_of):
        return _rows(index)
    return packed_contigs(content)


def _indexed(reference: str) -> dict[str, int]:
    index = Path(f"{reference}.fai")
    if Path(reference).is_file() and index.is_file():
        return _rows(index)
    from seqmill.genome.reference import Reference

    with Reference(reference) as fasta:
        return dict(fasta.contigs)


def _rows(index: Path) -> dict[str, int]:
    rows = [line.split("\t") for line in index.read_text().splitlines()]
    if not all(len(row) >= 2 and row[1].isdecimal() for row in rows):
        raise InputError(f"{index}: found no index of a FASTA file; make it again with 'samtools faidx'")
    return {name: int(length) for name, length, *_ in rows}
