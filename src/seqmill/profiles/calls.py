"""Blocks of dosages out of called genotypes."""

from collections.abc import Iterator
from contextlib import contextmanager

from seqmill.genome.reference import Reference
from seqmill.profiles.call_options import DosageOptions
from seqmill.profiles.dosage_reader import read_dosages
from seqmill.profiles.dosages import MISSING
from seqmill.profiles.matching import check_orientation, check_rate, match_report
from seqmill.profiles.orientation import place
from seqmill.profiles.people import find_people
from seqmill.profiles.plan import BlockPlan
from seqmill.profiles.sites import read_sites
from seqmill.profiles.table import Block, Found


def read_calls(plan: BlockPlan, column: str, options: DosageOptions) -> Found:
    """Read the dosage of the alternative allele at declared sites, int8 [n, S].

    Raises
    ------
    InputError
        When a file cannot be used; when sites are swapped or on the other strand and that is to be refused;
        when fewer sites are found than `options.min_match`, as with those of another build.
    """
    sites = read_sites(options.sites)
    people = find_people(plan, column, options.files)
    with genome(options.reference) as reference:
        placed = place(sites, reference, forward=options.ambiguous == "swapped")
        check_orientation(placed, options)
        found = read_dosages(people, placed, options, reference=reference)
    check_orientation(placed, options)
    report = match_report(sites, people, placed, found)
    check_rate(report, placed, options, path=plan.path)
    return Found(people.ids, Block(sites.names, found.values, found.values != MISSING), report)


@contextmanager
def genome(path: str) -> Iterator[Reference | None]:
    """Open the genome, where one is given."""
    if not path:
        yield None
        return
    with Reference(path) as reference:
        yield reference
