"""Distances to transcription starts, by hand."""

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.accessibility.promoters import (
    REACH,
    STEP,
    distance_classes,
    mean_by_class,
    read_starts,
)
from seqmill.applications.accessibility.spec import Options
from seqmill.errors import InputError

OPTIONS = Options(span=3000, flank=600, window=300, stride=150)


def test_starts_lie_at_the_five_prime_end(tmp_path):
    path = tmp_path / "t.bed"
    path.write_text("c1\t500\t900\tx\t0\t+\nc1\t100\t400\ty\t0\t-\n")
    places, strands = read_starts(path)["c1"]
    assert (places.tolist(), strands.tolist()) == ([399, 500], [-1, 1])


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("t.gtf", ['gene_id "x"; transcript_id "x1";', 'gene_id "y"; transcript_id "y1";']),
        ("t.gff3", ["Parent=x1", "Parent=y1"]),
    ],
)
def test_starts_of_an_annotation(tmp_path, name, attributes):
    path = tmp_path / name
    exons = [("501\t600", "+", 0), ("701\t900", "+", 0), ("101\t400", "-", 1)]
    path.write_text("".join(f"c1\tby hand\texon\t{at}\t.\t{s}\t.\t{attributes[n]}\n" for at, s, n in exons))
    places, strands = read_starts(path)["c1"]
    assert (places.tolist(), strands.tolist()) == ([399, 500], [-1, 1])


def test_an_annotation_without_exons(tmp_path):
    path = tmp_path / "t.gtf"
    path.write_text('c1\tby hand\tgene\t1\t90\t.\t+\t.\tgene_id "x";\n')
    with pytest.raises(InputError, match="exon"):
        read_starts(path)


def test_distance_is_signed_along_transcription():
    starts = {"c1": (np.array([1000, 9000]), np.array([1, -1]))}
    examples = pd.DataFrame({"contig": ["c1", "c1", "c9"], "start": [0, 9000, 0]})
    classes = distance_classes(examples, starts, OPTIONS).reshape(3, -1)
    far = 2 * REACH // STEP
    assert classes[0, 0] == (150 - 1000 + REACH) // STEP
    assert classes[0, 10] == (1650 - 1000 + REACH) // STEP
    assert classes[1, 0] == (-150 + REACH) // STEP
    assert classes[1, 15] == far
    assert set(classes[2]) == {far}


def test_a_class_without_windows_takes_the_mean_of_all():
    assert mean_by_class(np.array([0, 0, 2]), np.array([1.0, 3.0, 8.0]), 3).tolist() == [2.0, 4.0, 8.0]


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "t.bed"
    path.write_text("c1\t500\t900\n")
    with pytest.raises(InputError, match=r"t\.bed: line 1 .*wanted BED of six columns"):
        read_starts(path)
    path.write_text("\n")
    with pytest.raises(InputError, match="holds no transcript"):
        read_starts(path)
