"""Typed options of peak calling."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class PeakOptions:
    """How peaks are called.

    Attributes
    ----------
    caller : str
        The program: ``macs3``, or ``macs2``, whose command line and output are the same.
    format : str
        ``BAMPE`` piles up the fragments of proper pairs, ``BAM`` single reads lengthened to a fragment;
        ``auto`` takes BAMPE where most reads of the sample, and of its control, are paired.
    q_value : float
        Largest false-discovery rate of a peak, by Benjamini and Hochberg.
    genome_size : int or None
        Bases of the genome that reads can map to; None takes those of the reference that are A, C, G or T.
    fragment_length : int or None
        Bases that a single read is lengthened to; None has it estimated from the distance between the peaks
        of both strands. Pairs tell their own.
    mapping_quality : int
        Reads of a lower mapping quality are left out.

    Raises
    ------
    ValueError
        When a fragment length is given for pairs.
    """

    caller: Literal["macs3", "macs2"] = "macs3"
    format: Literal["auto", "BAM", "BAMPE"] = "auto"
    q_value: float = field(default=0.05, metadata={"above": 0, "at_most": 1})
    genome_size: int | None = field(default=None, metadata={"at_least": 1})
    fragment_length: int | None = field(default=None, metadata={"at_least": 1})
    mapping_quality: int = field(default=30, metadata={"at_least": 0, "at_most": 255})

    def __post_init__(self) -> None:
        if self.format == "BAMPE" and self.fragment_length:
            raise ValueError(
                f"fragment_length: found {self.fragment_length} with format BAMPE, whose pairs tell it; "
                "wanted no such key, or format BAM"
            )
