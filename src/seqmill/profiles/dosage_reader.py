"""Dosages of people out of VCF, BCF and gVCF."""

from collections.abc import Sequence

import numpy as np

from seqmill.genome.reference import Reference
from seqmill.profiles.call_options import CallOptions
from seqmill.profiles.dosages import BLOCK, MISSING, NOTHING, Dosages
from seqmill.profiles.file_calls import FileCalls
from seqmill.profiles.orientation import USABLE, Placed
from seqmill.profiles.people import People
from seqmill.profiles.records import opened


def read_dosages(
    people: People, placed: Sequence[Placed], options: CallOptions, *, reference: Reference | None
) -> Dosages:
    """Read the dosages of people.

    A genotype tells of every site that its record overlaps: of its own alleles, of single bases inside longer
    ones, and of haplotypes that a deletion or ``*`` keeps from carrying what is counted. A reference block
    tells of a site whose whole span it and its neighbours cover. Where several records tell of a site, that
    of its own allele goes first. Sites that no genotype can tell of have no dosage.

    Parameters
    ----------
    people : People
        Who, and in which files.
    placed : sequence of Placed
        The sites; what records tell of their orientation is taken in.
    options : CallOptions
        How genotypes are read.
    reference : Reference or None
        The genome, for the spelling of insertions and deletions.

    Raises
    ------
    InputError
        When a file cannot be read.
    """
    shape = (len(people.ids), len(placed))
    found = Dosages(np.full(shape, MISSING, np.int8), np.zeros(shape, np.uint8))
    for path, rows in people.files.items():
        with opened(path) as handle:
            FileCalls(handle, rows, found, placed, options, reference).read()
    # Blocks were laid as the number of haplotypes like the genome: all orientations are known only now.
    like = np.array([one.reference_copies for one in placed], np.int8)
    block = (found.source == BLOCK) & (found.values != MISSING)
    found.values[block] *= np.broadcast_to(like, shape)[block]
    if options.absent == "reference":
        absent = found.source == NOTHING
        found.values[absent] = np.broadcast_to(2 * like, shape)[absent]
    found.values[:, [one.orientation not in USABLE for one in placed]] = MISSING
    return found
