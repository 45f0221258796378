"""The examples of a dataset's split as regions to look at."""

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Window
from seqmill.interpretation.regions import NO_STRAND, Regions
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest

_ROWS = 1 << 16
_PLACE = ("contig", "start", "end")
STRAND = "strand"
"""Column of an encoding that tells the strand of an example; without it examples lie forward."""

_REVERSE = ("-", "-1")


def split_regions(manifest: Manifest, split: str, reference: Reference, *, stranded: bool) -> Regions:
    """Give where the examples of a split lie, each place once, in the order of the contigs.

    Parameters
    ----------
    manifest : Manifest
        The dataset.
    split : str
        Name of the split.
    reference : Reference
        The genome that it was made from.
    stranded : bool
        Whether the model reads one strand, so that the examples' own is asked.

    Raises
    ------
    InputError
        When there is no such split, or the dataset was made from another genome.
    """
    if manifest.reference["checksum"] != reference.checksum:
        raise InputError(
            f"{reference.path}: found other bases than in {manifest.reference['path']}, which the dataset "
            f"{manifest.path} was made from; give that reference"
        )
    told = stranded and any(column.name == STRAND for column in manifest.encoding.all_columns)
    columns = (*_PLACE, STRAND) if told else _PLACE
    loader = Loader(manifest, split, batch_size=_ROWS, seed=0, shuffle=False, columns=list(columns))
    rows = {row for batch in loader.epoch(0) for row in zip(*(batch[name] for name in columns), strict=True)}
    number = {name: at for at, name in enumerate(reference.contigs)}
    listed = [
        Window(str(contig), int(start), int(end), "-" if str(*strand or "+") in _REVERSE else "+")
        for contig, start, end, *strand in rows
    ]
    return Regions(
        source=f"{manifest.path}, split {split}",
        listed=sorted(listed, key=lambda one: (number[one.contig], *one[1:])),
        counts={NO_STRAND: len(listed)} if stranded and not told else {},
    )
