"""Pairs of RNA reads out of planted transcripts, aligned to the genome where they came from."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from seqmill.genome.annotation import Transcript
from seqmill.reads.library import check_library
from seqmill.simulate.aligned import bases_of
from seqmill.simulate.streams import stream
from seqmill.simulate.transcripts import PlantedGenome

_PAIRED, _REVERSE, _MATE_REVERSE, _FIRST, _SECOND = 0x3, 0x10, 0x20, 0x40, 0x80


def draw_spliced_reads(
    genome: PlantedGenome,
    *,
    fragments: int,
    seed: int,
    library: str = "reverse",
    read_length: int = 75,
    insert: float = 180.0,
    error_rate: float = 0.002,
) -> Iterator[str]:
    """Draw pairs from transcripts whose levels are log-normal.

    Parameters
    ----------
    genome : PlantedGenome
        Genome and transcripts.
    fragments : int
        How many pairs, in all.
    seed : int
        Decides everything.
    library : str
        One of `seqmill.reads.library.LIBRARIES`; unstranded pairs begin on either strand.
    read_length : int
        Bases of a read; fewer where the fragment is shorter.
    insert : float
        Mean length of fragments, which spread by a sixth of it.
    error_rate : float
        Share of bases that are read wrongly.

    Yields
    ------
    str
        Lines of SAM with the tags NH and XS, mates one behind the other.
    """
    check_library(library)
    transcripts = genome.annotation.transcripts
    generator = stream(seed, "spliced reads")
    sizes = np.array([sum(end - start for start, end in held.exons) for held in transcripts])
    weights = sizes * generator.lognormal(0.0, 1.0, len(transcripts))
    chosen = generator.choice(len(transcripts), size=fragments, p=weights / weights.sum())
    lengths = np.minimum(
        np.maximum(generator.normal(insert, insert / 6, fragments), 30).astype(int), sizes[chosen]
    )
    starts = (generator.random(fragments) * (sizes[chosen] - lengths + 1)).astype(int)
    flipped = (
        generator.random(fragments) < 0.5
        if library == "unstranded"
        else np.full(fragments, library == "reverse")
    )
    for number in range(fragments):
        transcript = transcripts[chosen[number]]
        low = int(starts[number])  # along the genome
        high, size = low + int(lengths[number]), min(read_length, int(lengths[number]))
        first_is_left = (transcript.strand == "+") != bool(flipped[number])
        ends = [(low, low + size), (high - size, high)]
        placed = [_placed(transcript, *end) for end in ends]
        left, right = placed[0][0], placed[1][0]
        span = right + _span(placed[1][1]) - left
        for side, (position, blocks) in enumerate(placed):
            bases = np.concatenate([genome.codes[transcript.contig][start:end] for start, end in blocks])
            wrong = generator.random(len(bases)) < error_rate
            bases[wrong] = (bases[wrong] + generator.integers(1, 4, int(wrong.sum()))) % 4
            flag = _PAIRED | (_REVERSE if side else _MATE_REVERSE)
            flag |= _FIRST if (side == 0) == first_is_left else _SECOND
            fields = [f"f{number}", flag, transcript.contig, position + 1, 60, _cigar(blocks), "="]
            fields += [placed[1 - side][0] + 1, -span if side else span, bases_of(bases), "I" * len(bases)]
            yield "\t".join(map(str, [*fields, "NH:i:1", f"XS:A:{transcript.strand}"]))


Blocks = list[tuple[int, int]]


def _placed(transcript: Transcript, low: int, high: int) -> tuple[int, Blocks]:
    """Give where bases of the joined exons, counted along the genome, begin, and their blocks."""
    blocks, before = [], 0
    for start, end in transcript.exons:
        first, last = max(low - before, 0), min(high - before, end - start)
        if first < last:
            blocks.append((start + first, start + last))
        before += end - start
    return blocks[0][0], blocks


def _span(blocks: Blocks) -> int:
    return blocks[-1][1] - blocks[0][0]


def _cigar(blocks: Blocks) -> str:
    text = f"{blocks[0][1] - blocks[0][0]}M"
    for before, block in pairwise(blocks):
        text += f"{block[0] - before[1]}N{block[1] - block[0]}M"
    return text
