"""What the records of one file tell of sites."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pysam

from seqmill.genome.names import synonym
from seqmill.genome.normalise import is_sequence
from seqmill.genome.reference import Reference
from seqmill.profiles.alleles import codes, is_block
from seqmill.profiles.call_options import CallOptions
from seqmill.profiles.counted import copies_of
from seqmill.profiles.dosages import BLOCK, MATCH, MISSING, RECORD, Dosages
from seqmill.profiles.orientation import USABLE, Key, Placed, key_of
from seqmill.profiles.records import Genotypes, genotypes, near, windows

DISAGREES = "other_reference"
"""Why a genotype gives no dosage: the reference allele of its record is not what the genome has."""


class _Group:
    """The sites of a contig, by start, with the haplotypes and bases that blocks show."""

    def __init__(self, contig: str, places: Sequence[int], placed: Sequence[Placed], people: int) -> None:
        self.contig = contig
        self.places = sorted(places, key=lambda place: placed[place].start)
        self.starts = np.array([placed[place].start for place in self.places], np.int64)
        longest = [max(len(placed[place].counted), len(placed[place].other)) for place in self.places]
        self.ends = self.starts + np.array(longest, np.int64)
        self.keys: dict[Key, int] = {}
        for at, place in enumerate(self.places):
            self.keys.update(dict.fromkeys(placed[place].keys, at))
        self.covered = np.zeros((len(self.places), people), np.int64)
        self.copies = np.zeros((len(self.places), people), np.int8)
        self.touched: set[int] = set()
        self._longest = max(longest)

    def overlapping(self, start: int, end: int, window: slice) -> range | list[int]:
        """Give the sites of a window that a span overlaps."""
        first = max(int(np.searchsorted(self.starts, start - self._longest, side="right")), window.start)
        last = min(int(np.searchsorted(self.starts, end, side="left")), window.stop)
        return [at for at in range(first, last) if self.ends[at] > start]


class FileCalls:
    """A file whose genotypes are laid into the dosages of all.

    Parameters
    ----------
    handle : pysam.VariantFile
        The file, open.
    rows : dict
        Sample of the file, by number -> row of the dosages.
    found : Dosages
        Filled. Reference blocks are laid as the number of haplotypes that are like the genome.
    placed, options, reference
        See `seqmill.profiles.dosages.read_dosages`.
    """

    def __init__(
        self,
        handle: pysam.VariantFile,
        rows: dict[int, int],
        found: Dosages,
        placed: Sequence[Placed],
        options: CallOptions,
        reference: Reference | None,
    ) -> None:
        self._handle = handle
        self._columns = list(rows)
        self._rows = np.array(list(rows.values()), np.int64)
        self._found = found
        self._placed = placed
        self._options = options
        self._reference = reference

    def read(self) -> None:
        """Read the file once: what lies near sites where it has an index, else all of it."""
        places: dict[str, list[int]] = {}
        for place, site in enumerate(self._placed):
            if site.orientation in USABLE:
                places.setdefault(site.contig, []).append(place)
        groups = {
            contig: _Group(contig, held, self._placed, len(self._rows)) for contig, held in places.items()
        }
        names: dict[str, str | None] = {name: synonym(name, groups) for name in self._handle.header.contigs}
        if self._handle.index is None:
            for record in self._handle:
                if record.contig not in names:  # the header need not declare it
                    names[record.contig] = synonym(record.contig, groups)
                if group := groups.get(names[record.contig] or ""):
                    self._take(record, group, slice(0, len(group.places)))
        else:
            for name, known in names.items():
                for window in windows(groups[known].starts, groups[known].ends) if known else ():
                    start, end = int(groups[known].starts[window][0]), int(groups[known].ends[window].max())
                    for record in near(self._handle, name, start - 1, end + 1):
                        self._take(record, groups[known], window)
        for group in groups.values():
            self._close(group)

    def _take(self, record: pysam.VariantRecord, group: _Group, window: slice) -> None:
        start, ref = record.start, record.ref.upper()
        end = max(record.stop, start + len(ref))
        alts = tuple(alt if alt.startswith("<") else alt.upper() for alt in record.alts or ())
        keys = [self._key(group.contig, start, ref, alt) for alt in alts]
        hit = set(group.overlapping(start, end, window)) | {
            group.keys[key] for key in keys if key in group.keys
        }
        if not hit:
            return
        called = genotypes(record, self._columns, self._options)
        for at in hit:
            place = group.places[at]
            site = self._placed[place]
            told = codes(site, start, ref, alts, keys)
            if told is None:
                self._found.refused[DISAGREES] += len(self._rows)
            elif is_block(alts):
                copies = self._copies(called, [1])
                shown = min(end, site.end) - max(start, site.start)
                group.touched.add(at)
                group.covered[at] += np.where(copies > 0, max(shown, 0), 0)
                group.copies[at] = np.where(copies > 0, copies, group.copies[at])
            else:
                copies = self._copies(called, told.copies)
                self._found.lay(self._rows, place, copies, MATCH if told.exact else RECORD)

    def _copies(self, called: Genotypes, told: Sequence[int]) -> npt.NDArray[np.int8]:
        """Count for each person, and count what does not count."""
        found = [copies_of(one, told, self._options) for one in called.distinct]
        for number, one in enumerate(found):
            if isinstance(one, str):
                self._found.refused[one] += int((called.which == number).sum())
        values = np.array([MISSING if isinstance(one, str) else one for one in found], np.int8)[called.which]
        for reason, refused in called.refused.items():
            self._found.refused[reason] += int((refused & (values != MISSING)).sum())
            values[refused] = MISSING
        return values

    def _close(self, group: _Group) -> None:
        """Lay what blocks show of sites that they cover whole."""
        for at in group.touched:
            place = group.places[at]
            site = self._placed[place]
            whole = group.covered[at] >= site.end - site.start
            values = np.where(whole, group.copies[at], MISSING).astype(np.int8)
            self._found.lay(self._rows, place, values, BLOCK)

    def _key(self, contig: str, start: int, ref: str, alt: str) -> Key | None:
        if not is_sequence(alt) or alt == ref:
            return None
        return key_of(contig, start, ref, alt, self._reference if len(alt) != len(ref) else None)
