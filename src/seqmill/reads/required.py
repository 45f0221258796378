"""Tags that reads have to carry, looked for at the beginning of a file."""

import os
from collections.abc import Iterator
from itertools import islice

import pysam

from seqmill.errors import InputError

_LOOKED_AT = 10_000


def tags_of(
    alignments: str | os.PathLike[str],
    tags: tuple[str, ...],
    *,
    wanted: str,
    reference: str | os.PathLike[str] | None = None,
) -> Iterator[str]:
    """Give the value of the first of some tags that a read carries, over the first reads that carry one.

    Parameters
    ----------
    alignments : path
        BAM or CRAM.
    tags : tuple of str
        Names under which the tag is known.
    wanted : str
        What writes the tag, for the message.
    reference : path, optional
        FASTA; needed for CRAM.

    Raises
    ------
    InputError
        When none of the first 10,000 aligned reads carries the tag, or there is no aligned read.
    """
    looked, carried = 0, 0
    with pysam.AlignmentFile(
        os.fspath(alignments), reference_filename=None if reference is None else os.fspath(reference)
    ) as handle:
        aligned = (record for record in handle if not record.is_unmapped)
        for record in islice(aligned, _LOOKED_AT):
            looked += 1
            value = next((record.get_tag(tag) for tag in tags if record.has_tag(tag)), None)
            if value is not None:
                carried += 1
                yield str(value)
    if not carried:
        found = f"none of the first {looked:,} aligned reads carries" if looked else "no aligned read with"
        raise InputError(f"{os.fspath(alignments)}: {found} the tag {tags[0]}; wanted {wanted}")
