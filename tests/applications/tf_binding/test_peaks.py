"""Peaks and what they say of windows, by hand and against counting base by base."""

import gzip

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqmill.applications.tf_binding.peaks import OTHER, bound_in, read_peaks
from seqmill.applications.tf_binding.spec import BOUND, UNBOUND, UNKNOWN, Options
from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.reads.region_file import stage_regions

FACTORS = ("CTCF", "SPI1")
HEADER = "#contig\tstart\tend\tname\tscore\tstrand"


@pytest.fixture
def read(tmp_path):
    """Stage a table on a genome of two contigs and read it."""
    (tmp_path / "genome.fa").write_text(">c1\n" + "ACGT" * 250 + "\n>c2\n" + "ACGT" * 250 + "\n")

    def read(text, factors=FACTORS, **options):
        (tmp_path / "peaks.bed").write_text(text)
        with Reference(tmp_path / "genome.fa") as reference:
            stage_regions(tmp_path / "peaks.bed", reference, tmp_path / "staged.bed.gz")
            return read_peaks(
                tmp_path / "staged.bed.gz", reference.contigs, Options(factors=factors, **options)
            )

    return read


def test_the_factor_stands_in_its_column(read):
    peaks = read(
        f"{HEADER}\tfactor\nc2\t5\t9\tx\t0\t.\tSPI1\nc1\t10\t21\ty\t0\t+\tCTCF\nc1\t30\t40\tz\t0\t.\tP53\n"
    )
    assert peaks["contig"].tolist() == ["c1", "c1", "c2"]
    assert peaks["factor"].tolist() == [0, OTHER, 1]
    assert peaks["summit"].tolist() == [15, 35, 7]
    assert (peaks["place"] == peaks["contig"]).all()
    assert (peaks["moved"] == 0).all()


def test_without_the_column_the_name_tells_and_one_factor_needs_neither(read):
    assert read("c1\t10\t20\tSPI1\nc1\t30\t40\tCTCF\n")["factor"].tolist() == [1, 0]
    assert read("c1\t10\t20\nc1\t30\t40\n", factors=("CTCF",))["factor"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("header", "behind"), [("", [3, -1]), (f"{HEADER}\tsignal\tp\tq\tpeak\n", [3, -1]), ("", [3, 50])]
)
def test_a_summit_is_where_narrow_peaks_say_or_in_the_middle(read, header, behind):
    rows = [
        f"c1\t{at}\t{at + 20}\tx\t0\t.\t1.0\t2\t3\t{peak}\n"
        for at, peak in zip((10, 50), behind, strict=True)
    ]
    assert read(header + "".join(rows), factors=("CTCF",))["summit"].tolist() == [13, 60]


def test_names_tell_the_place_where_the_reference_is_packed(read):
    peaks = read(f"{HEADER}\tfactor\nc1\t100\t200\tchr1:5100-5200\t0\t.\tCTCF\n", places="name")
    assert (peaks["place"].tolist(), peaks["moved"].tolist()) == (["chr1"], [5000])
    with pytest.raises(
        InputError, match=r"peak 'x': options.places is 'name', wanted a name such as chr1:100"
    ):
        read(f"{HEADER}\tfactor\nc1\t100\t200\tx\t0\t.\tCTCF\n", places="name")


def test_tables_without_the_factors_are_refused(read):
    with pytest.raises(InputError, match=r"found no column 'factor' and no names"):
        read("c1\t10\t20\n")
    with pytest.raises(InputError, match=r"column 'factor' holds 'ctcf', wanted one of CTCF, SPI1"):
        read(f"{HEADER}\tfactor\nc1\t10\t20\tx\t0\t.\tctcf\n")


def test_header_lines_survive_staging(read, tmp_path):
    read(f"{HEADER}\tfactor\nc1\t10\t20\tx\t0\t.\tCTCF\n")
    assert gzip.open(tmp_path / "staged.bed.gz", "rt").readline().endswith("factor\n")


def table(*rows):
    peaks = pd.DataFrame(rows, columns=["place", "start", "end", "factor"])
    return peaks.assign(summit=(peaks["start"] + peaks["end"]) // 2, moved=0)


def test_a_summit_binds_its_flank_is_unknown_and_the_rest_is_not_bound():
    peaks = table(("c1", 100, 200, 0), ("c1", 140, 240, 1), ("c2", 100, 200, 1))
    windows = pd.DataFrame(
        {
            "place": ["c1", "c1", "c1", "c1", "c3"],
            "start": [100, 145, 191, 240, 100],
            "end": [200, 245, 291, 340, 200],
        }
    )
    assert bound_in(windows, peaks, FACTORS).tolist() == [
        [BOUND, BOUND],
        [BOUND, BOUND],
        [UNKNOWN, UNKNOWN],
        [UNBOUND, UNBOUND],
        [UNBOUND, UNBOUND],
    ]


def test_a_factor_without_peaks_was_not_measured():
    windows = pd.DataFrame({"place": ["c1"], "start": [0], "end": [10]})
    assert bound_in(windows, table(("c1", 100, 200, 1)), FACTORS).tolist() == [[UNKNOWN, UNBOUND]]


spans = st.tuples(st.sampled_from(["c1", "c2"]), st.integers(0, 60), st.integers(1, 30), st.integers(0, 1))


@settings(max_examples=40)
@given(st.lists(spans, min_size=1, max_size=12), st.lists(spans, min_size=1, max_size=6))
def test_labels_are_those_of_looking_at_each_base(peaks, windows):
    there = table(*((contig, start, start + length, factor) for contig, start, length, factor in peaks))
    asked = pd.DataFrame(
        [(contig, start, start + length) for contig, start, length, _ in windows],
        columns=["place", "start", "end"],
    )
    found = bound_in(asked, there, FACTORS)
    for row, window in enumerate(asked.itertuples()):
        bases = set(range(window.start, window.end))
        for factor in range(2):
            own = there[there["factor"] == factor]
            near = own[own["place"] == window.place]
            if own.empty:
                wanted = UNKNOWN
            elif bases & set(near["summit"]):
                wanted = BOUND
            else:
                covered = {base for peak in near.itertuples() for base in range(peak.start, peak.end)}
                wanted = UNKNOWN if bases & covered else UNBOUND
            assert found[row, factor] == wanted


def test_no_window_has_no_label():
    empty = pd.DataFrame({"place": [], "start": np.zeros(0, int), "end": np.zeros(0, int)})
    assert bound_in(empty, table(("c1", 0, 2, 0)), FACTORS).shape == (0, 2)
