"""Write a packed genome and its tables of regions."""

from pathlib import Path
from typing import Any

import pysam

from seqmill.files import atomic_path, write_json
from seqmill.packing.layout import Layout, lay_out
from seqmill.packing.plan import PackPlan

REFERENCE, REPORT = "reference.fa", "pack.json"

_LINE = 60


def pack(plan: PackPlan, folder: Path) -> dict[str, Any]:
    """Write ``reference.fa`` with its index, ``SAMPLE.bed`` for each sample, and ``pack.json``.

    The tables are BED of six columns and then those of the plan, named by a header line; where a source does
    not give a column, the cell is ``.``.

    Parameters
    ----------
    plan : PackPlan
        What is packed.
    folder : Path
        Where the files go.

    Returns
    -------
    dict
        Content of ``pack.json``: ``sources`` with what was kept and left out, and ``contigs`` with the number
        of distinct sequences on each.

    Raises
    ------
    InputError
        As `lay_out` does.
    """
    layout = lay_out(plan)
    folder.mkdir(parents=True, exist_ok=True)
    spacer = "N" * plan.spacer
    reference = folder / REFERENCE
    with atomic_path(reference) as aside, open(aside, "w") as handle:
        for contig, sequences in layout.sequences.items():
            bases = spacer + "".join(sequence + spacer for sequence in sequences)
            handle.write(f">{contig}\n")
            handle.writelines(f"{bases[at : at + _LINE]}\n" for at in range(0, len(bases), _LINE))
    pysam.faidx(str(reference))
    for sample in plan.samples:
        _write_regions(folder / f"{sample}.bed", layout, plan, sample)
    report = {
        "sources": layout.counts,
        "contigs": {contig: len(sequences) for contig, sequences in layout.sequences.items()},
    }
    write_json(folder / REPORT, report)
    return report


def packed_contigs(plan: PackPlan) -> dict[str, int]:
    """Give the contigs of a packed genome, name -> length in bases, without writing it."""
    return dict(lay_out(plan).lengths)


def _write_regions(path: Path, layout: Layout, plan: PackPlan, sample: str) -> None:
    own = [source for source in plan.sources if source.sample == sample]
    columns = list(dict.fromkeys(name for source in own for name in (*source.columns, *source.values)))
    with atomic_path(path) as aside, open(aside, "w") as handle:
        print("#contig", "start", "end", "name", "score", "strand", *columns, sep="\t", file=handle)
        for place, row in layout.regions[sample]:
            cells = [row.cells.get(name) or "." for name in columns]
            print(*place, row.name, 0, ".", *cells, sep="\t", file=handle)
