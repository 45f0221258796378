import numpy as np
import pytest

from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.simulate.mappability import mappability_mask
from seqmill.simulate.streams import stream


@pytest.fixture(scope="module")
def mask(tmp_path_factory, write_fasta):
    rng = stream(1, "mask")
    codes = rng.integers(0, 4, 40_000).astype(np.uint8)
    codes[30_000:33_000] = codes[10_000:13_000]
    codes[20_000:21_000] = 4
    path = write_fasta(tmp_path_factory.mktemp("mask") / "r.fa", {"c": codes, "tiny": codes[:100]})
    with Reference(path) as reference:
        yield mappability_mask(reference, every=25, threads=2), reference


def test_exact_copies_are_left_out_and_unique_sequence_stays(mask):
    found, _ = mask
    inside = found.contains("c", np.arange(40_000))
    assert not inside[10_500:12_500].any()
    assert not inside[30_500:32_500].any()
    for start, end in ((500, 9_500), (13_500, 19_500), (21_500, 29_500), (33_500, 39_500)):
        assert inside[start:end].all()


def test_n_and_contigs_shorter_than_a_fragment_are_left_out(mask):
    found, _ = mask
    assert not found.contains("c", np.arange(20_000, 21_000)).any()
    assert found.contigs == ("c",)


def test_stretches_are_no_shorter_than_a_read_and_threads_change_nothing(mask):
    found, reference = mask
    assert min(len(interval) for interval in found) >= 150
    assert mappability_mask(reference, every=25, threads=1) == found
    assert isinstance(next(iter(found)), Interval)
