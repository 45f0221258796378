"""SAM lines from the hits of the embedded aligner: flags, clipping, mate fields, split reads."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from seqmill.reads.fragments import Fragment
from seqmill.reads.insert_size import InsertSize

_COMPLEMENT = bytes.maketrans(b"ACGTNRYSWKMBDHV", b"TGCANYRSWMKVHDB")
_SCORES = bytes(code - 33 if code >= 33 + 15 else 0 for code in range(256))
_PROPER_BONUS = 17
_PAIRED, _PROPER, _UNMAPPED, _MATE_UNMAPPED = 0x1, 0x2, 0x4, 0x8
_REVERSE, _MATE_REVERSE, _FIRST, _SECOND, _SUPPLEMENTARY = 0x10, 0x20, 0x40, 0x80, 0x800


class Hit(NamedTuple):
    """One local alignment of a read.

    `start` and `end` are 0-based half-open on the contig; `clips` counts the unaligned bases before and
    behind, in the direction of the contig; `cigar` is the text between the clips. Primary hits cover
    distinct parts of a read; any other is a second place for what a primary hit covers.
    """

    contig: str
    start: int
    end: int
    reverse: bool
    mapq: int
    edits: int
    matches: int
    clips: tuple[int, int]
    cigar: str
    primary: bool = True


def make_hit(alignment: Any, length: int, second: bool) -> Hit:
    """Turn a mappy alignment of a read of `length` bases into a `Hit`.

    For the second read of a pair (`second`) mappy gives query coordinates on the reverse complement of
    the read; for any other read, on the read as sequenced.
    """
    reverse = alignment.strand < 0
    before, behind = alignment.q_st, length - alignment.q_en
    if reverse != second:
        before, behind = behind, before
    cigar = alignment.cigar
    return Hit(
        alignment.ctg,
        alignment.r_st,
        alignment.r_en,
        reverse,
        alignment.mapq,
        alignment.NM,
        alignment.mlen,
        (before, behind),
        f"{cigar[0][0]}M" if len(cigar) == 1 else alignment.cigar_str,
        alignment.is_primary,
    )


def outer_distance(first: Hit, second: Hit) -> int | None:
    """Give the outer distance of two hits that face each other on one contig, else None."""
    if first.contig != second.contig or first.reverse == second.reverse:
        return None
    forward, backward = (second, first) if first.reverse else (first, second)
    if backward.start < forward.start or backward.end < forward.end:
        return None
    return backward.end - forward.start


def choose_pair(firsts: Sequence[Hit], seconds: Sequence[Hit], insert: InsertSize) -> tuple[Hit, Hit, bool]:
    """Choose the hit of each mate that stands for it, and say whether the two make a proper pair.

    The pair with the most matching bases wins, where a distance inside `insert` is worth
    `_PROPER_BONUS` more. Other than primary hits count only where no two primary hits are proper.
    """
    if len(firsts) == len(seconds) == 1:
        return _best_pair(firsts, seconds, insert)
    primary = [[hit for hit in hits if hit.primary] for hits in (firsts, seconds)]
    chosen = _best_pair(*primary, insert)
    return chosen if chosen[2] else _best_pair(firsts, seconds, insert)


def _best_pair(firsts: Sequence[Hit], seconds: Sequence[Hit], insert: InsertSize) -> tuple[Hit, Hit, bool]:
    best, best_score = (firsts[0], seconds[0], False), -1
    for first in firsts:
        for second in seconds:
            distance = outer_distance(first, second)
            proper = distance is not None and insert.low <= distance <= insert.high
            score = first.matches - first.edits + second.matches - second.edits + _PROPER_BONUS * proper
            if score > best_score:
                best, best_score = (first, second, proper), score
    return best


def sam_lines(
    fragment: Fragment,
    hits: tuple[Sequence[Hit], Sequence[Hit]],
    *,
    insert: InsertSize,
    read_group: str,
) -> list[str]:
    """Write a fragment as SAM lines without line ends: each mate, then its supplementary alignments.

    Parameters
    ----------
    fragment : Fragment
        Name and reads.
    hits : pair of sequences of Hit
        Hits of the first and of the second read, the best first.
    insert : InsertSize
        Distances of a proper pair.
    read_group : str
        Value of the RG tag.
    """
    name, tag = fragment.name.decode(), f"RG:Z:{read_group}"
    best: list[Hit | None] = [mate_hits[0] if mate_hits else None for mate_hits in hits]
    if fragment.sequence_2 is None:
        return _lines(name, fragment[1:3], hits[0], best[0], flag=0, tag=tag)
    flag = _PAIRED
    reads = (fragment[1:3], fragment[3:5])
    if hits[0] and hits[1]:
        *best, proper = choose_pair(*hits, insert)
        flag |= _PROPER * proper
    lines = []
    for k, read in enumerate(reads):
        mate = best[1 - k]
        own_flag = flag | (_FIRST, _SECOND)[k] | _mate_flag(mate)
        tags = f"{tag}{_mate_tags(mate, reads[1 - k][1])}"
        lines += _lines(name, read, hits[k], best[k], flag=own_flag, tag=tags, mate=mate)
    return lines


def _mate_flag(mate: Hit | None) -> int:
    return _MATE_UNMAPPED if mate is None else _MATE_REVERSE * mate.reverse


def _mate_tags(mate: Hit | None, quality: bytes) -> str:
    """The mate's quality, CIGAR and score, as samtools fixmate tells them for duplicate marking."""
    score = f"\tms:i:{sum(quality.translate(_SCORES))}"
    return f"\tMC:Z:*{score}" if mate is None else f"\tMQ:i:{mate.mapq}\tMC:Z:{_clipped(mate, 'S')}{score}"


def _mate_fields(own: Hit | None, chosen: Hit | None, mate: Hit | None, flag: int) -> str:
    """RNEXT, PNEXT and TLEN; an unmapped mate lies where the `chosen` hit of its mate lies."""
    place = mate or chosen
    if place is None or not flag & _PAIRED:
        return "*\t0\t0"
    contig = "=" if own is None or own.contig == place.contig else place.contig
    if own is None or mate is None or own.contig != mate.contig:
        return f"{contig}\t{place.start + 1}\t0"
    length = max(own.end, mate.end) - min(own.start, mate.start)
    leftmost = own.start < mate.start or (own.start == mate.start and bool(flag & _FIRST))
    return f"=\t{mate.start + 1}\t{length if leftmost else -length}"


def _lines(
    name: str,
    read: tuple[bytes, bytes],
    hits: Sequence[Hit],
    chosen: Hit | None,
    *,
    flag: int,
    tag: str,
    mate: Hit | None = None,
) -> list[str]:
    if chosen is None:
        place = "*\t0" if mate is None else f"{mate.contig}\t{mate.start + 1}"
        bases = f"{read[0].decode()}\t{read[1].decode()}"
        fields = _mate_fields(None, None, mate, flag)
        return [f"{name}\t{flag | _UNMAPPED}\t{place}\t0\t*\t{fields}\t{bases}\t{tag}"]
    parts = [chosen]
    if len(hits) > 1:
        parts += [hit for hit in hits if hit.primary and apart(hit, chosen, len(read[0]))]
    lines = []
    for hit in parts:
        sequence, quality = read
        if hit.reverse:
            sequence, quality = sequence.translate(_COMPLEMENT)[::-1], quality[::-1]
        own_flag = flag | _REVERSE * hit.reverse
        clip = "S"
        if hit is not chosen:
            own_flag |= _SUPPLEMENTARY
            clip = "H"
            kept = slice(hit.clips[0], len(sequence) - hit.clips[1])
            sequence, quality = sequence[kept], quality[kept]
        line = (
            f"{name}\t{own_flag}\t{hit.contig}\t{hit.start + 1}\t{hit.mapq}\t{_clipped(hit, clip)}\t"
            f"{_mate_fields(hit, chosen, mate, flag)}\t{sequence.decode()}\t{quality.decode()}\t"
            f"NM:i:{hit.edits}\t{tag}"
        )
        if len(parts) > 1:
            line += "\tSA:Z:" + "".join(_split_part(other) for other in parts if other is not hit)
        lines.append(line)
    return lines


def apart(hit: Hit, chosen: Hit, length: int) -> bool:
    """Say whether `chosen` leaves free more than half of the read bases that `hit` covers."""
    (before, behind), (chosen_before, chosen_behind) = (
        part.clips[::-1] if part.reverse else part.clips for part in (hit, chosen)
    )
    shared = length - max(before, chosen_before) - max(behind, chosen_behind)
    return 2 * shared < length - before - behind


def _clipped(hit: Hit, letter: str) -> str:
    before, behind = hit.clips
    if not before and not behind:
        return hit.cigar
    return f"{f'{before}{letter}' if before else ''}{hit.cigar}{f'{behind}{letter}' if behind else ''}"


def _split_part(hit: Hit) -> str:
    strand = "-" if hit.reverse else "+"
    return f"{hit.contig},{hit.start + 1},{strand},{_clipped(hit, 'S')},{hit.mapq},{hit.edits};"
