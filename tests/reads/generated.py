"""Alignments of every flag and CIGAR shape, as hypothesis draws them and htslib writes them."""

from collections.abc import Sequence
from pathlib import Path

import pysam
from hypothesis import strategies as st

CONTIGS = {"chr1": 200_000, "empty": 5_000, "chr2": 50_000}
HEADER = pysam.AlignmentHeader.from_dict(
    {
        "HD": {"VN": "1.6", "SO": "coordinate"},
        "SQ": [{"SN": name, "LN": length} for name, length in CONTIGS.items()],
    }
)
FLAGS = [0, 4, 16, 73, 99, 133, 147, 256, 272, 512, 1024, 1040, 2048, 2064]
NAMES = st.one_of(
    st.text("ab:/_.1", min_size=1, max_size=20),
    st.integers(200, 254).map(lambda size: "n" * size),
)
TAGS = st.lists(
    st.sampled_from(
        [
            "NM:i:3",
            "MD:Z:10A5",
            "XA:A:c",
            "XF:f:1.5",
            "XB:B:c,-1,2",
            "XI:B:I,1,70000",
            "XH:H:1F",
            "RG:Z:",
            "XS:i:-70000",
        ]
    ),
    unique=True,
    max_size=4,
)


@st.composite
def cigars(draw: st.DrawFn) -> str:
    """Give a CIGAR with any operation; none, or nothing but clips and insertions, too."""
    inner = draw(st.lists(st.tuples(st.sampled_from("MID=XNP"), st.integers(1, 40)), min_size=0, max_size=7))
    if draw(st.integers(0, 9)) == 0:
        inner.append(("N", draw(st.integers(20_000, 60_000))))
    left, right = (
        [(kind, draw(st.integers(1, 30))) for kind in draw(st.sampled_from(["", "S", "H", "HS"]))]
        for _ in "lr"
    )
    return "".join(f"{count}{kind}" for kind, count in [*left, *inner, *right[::-1]]) or "*"


@st.composite
def sam_lines(draw: st.DrawFn) -> str:
    """Give one alignment as a line of SAM."""
    contig = draw(st.sampled_from(["chr1", "chr1", "chr2"]))
    cigar, flag = draw(cigars()), draw(st.sampled_from(FLAGS))
    length = consumed(cigar) if cigar != "*" else draw(st.integers(1, 50))
    bases = "".join(draw(st.lists(st.sampled_from("ACGTN=RY"), min_size=length, max_size=length)))
    if not length or draw(st.integers(0, 5)) == 0:
        bases = "*"
    scores = draw(st.lists(st.integers(0, 93), min_size=length, max_size=length))
    qualities = "".join(chr(33 + score) for score in scores)
    if bases == "*" or draw(st.integers(0, 5)) == 0:
        qualities = "*"
    fields = [
        draw(NAMES),
        flag,
        contig,
        draw(st.one_of(st.integers(1, 2_000), st.integers(1, 40_000))),
        draw(st.integers(0, 255)),
        cigar,
        draw(st.sampled_from(["=", "empty"])),
        draw(st.integers(1, 900)),
        draw(st.integers(-1_000, 1_000)),
        bases,
        "*" if qualities == "*" and bases == "*" else qualities,
        *draw(TAGS),
    ]
    return "\t".join(map(str, fields))


def consumed(cigar: str) -> int:
    """Count the bases of a read that a CIGAR consumes."""
    total, number = 0, ""
    for letter in cigar:
        if letter.isdigit():
            number += letter
        else:
            total += int(number) if letter in "MIS=X" else 0
            number = ""
    return total


def write_lines(path: Path, lines: Sequence[str], *, index: bool = True, csi: bool = False) -> Path:
    """Write lines of SAM as a sorted, indexed BAM."""
    records = [pysam.AlignedSegment.fromstring(line, HEADER) for line in lines]
    records.sort(key=lambda record: (record.reference_id, record.reference_start))
    with pysam.AlignmentFile(str(path), "wb", header=HEADER) as handle:
        for record in records:
            handle.write(record)
    if index:
        pysam.index(*(["-c"] if csi else []), str(path))
    return path
