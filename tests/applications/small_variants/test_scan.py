"""The packed scan against reads walked base by base."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.applications.small_variants.candidates import allele_strings, find_candidates
from seqmill.applications.small_variants.scan import DELETION, pack_pairs, scan_window
from seqmill.applications.small_variants.spec import Options
from seqmill.reads.columns import read_columns
from tests.applications.small_variants.shapes import codes, indels, references, shaped_reads, shown
from tests.reads.alignments import write_bam

OPTIONS = Options(min_support=1, min_fraction=0.0, max_indel=10)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scan")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_counts_depth_and_indels_are_those_of_single_bases(folder: Path, data: st.DataObject) -> None:
    reference = data.draw(references())
    reads = data.draw(shaped_reads(reference))
    path = write_bam(folder / "drawn.bam", {"c": len(reference)}, reads)
    columns = read_columns(path, "c", 0, len(reference))
    origin, start = data.draw(st.sampled_from([(0, 0), (0, 37), (0, 38)]))
    end = data.draw(st.integers(start + 1, len(reference)))
    scan = scan_window(columns, codes(reference), origin, OPTIONS, start=start, end=end)

    counts, best, depth, differences = shown(path, reference, OPTIONS.min_base_quality)
    found = {
        (start + int(place), "ACGT"[base]): int(scan.counts[place, base])
        for place, base in zip(*np.nonzero(scan.counts), strict=True)
    }
    assert found == {key: n for key, n in counts.items() if start <= key[0] < end}
    assert all(scan.best[place - start, "ACGT".index(base)] == best[place, base] for place, base in found)
    assert scan.depth.tolist() == [depth[place] for place in range(start, end)]
    assert scan.mismatches.tolist() == differences

    events, found_indels = scan.events, Counter()
    for row in range(len(events.position)):
        place, length, first = (int(x[row]) for x in (events.position, events.length, events.inserted))
        if events.kind[row] == DELETION:
            found_indels[place, reference[place + 1 : place + 1 + length], ""] += 1
        else:
            bases = "".join("ACGT"[code] for code in events.pool[first : first + length])
            found_indels[place, "", bases] += 1
    assert found_indels == indels(path, reference, OPTIONS.max_indel)

    candidates = find_candidates(scan, start, end, OPTIONS)
    strings = allele_strings(candidates, scan.reference, origin)
    alleles = {
        (int(place), *pair): int(n)
        for place, pair, n in zip(candidates.position, strings, candidates.support, strict=True)
    }
    wanted = {(place, reference[place], base): n for (place, base), n in found.items()}
    wanted |= {
        (place, reference[place] + removed, reference[place] + added): n
        for (place, removed, added), n in found_indels.items()
        if start <= place < end
    }
    assert alleles == wanted
    assert (np.diff(candidates.position) >= 0).all()


def test_pairs_are_packed_from_even_and_from_odd_places() -> None:
    packed = pack_pairs(codes("ACGTN"))
    assert packed[0, :2].tolist() == [0x12, 0x48]
    assert packed[1, :2].tolist() == [0x24, 0x8F]
