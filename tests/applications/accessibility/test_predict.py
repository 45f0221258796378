"""Predictions from sequence as files."""

import numpy as np
import pandas as pd
import pytest
from pyBigWig import open as open_bigwig

from seqmill.applications.accessibility.predict import predict
from seqmill.applications.accessibility.spec import Options
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from tests.applications.accessibility.conftest import SMALL


def share_of_c(batch):
    """Predict as log count the share of C in each window."""
    options = Options(**SMALL)
    inside = batch["sequence"][:, options.flank :]
    return {
        f"log_count_{at}": (inside[:, at * options.stride : at * options.stride + options.window] == 1).mean(
            1
        )
        for at in range(options.windows)
    }


def job(world, output, **facts):
    given = {"contigs": ("c2", "c3"), "regions": None, "lineage": {}} | facts
    given = {"options": Options(**SMALL), "predict": share_of_c} | given
    return SequenceJob(reference=world.reference, output=output, **given)


def test_a_table_holds_each_window_of_the_contigs_once(world, tmp_path):
    predict(job(world, tmp_path / "p.tsv"))
    rows = [line.split("\t") for line in (tmp_path / "p.tsv").read_text().splitlines()]
    assert rows[0] == ["contig", "start", "end", "log_count"]
    starts = [int(row[1]) for row in rows[1:] if row[0] == "c2"]
    assert starts == list(range(0, 9000 - 200 + 1, 100))
    with Reference(world.reference) as reference:
        for contig, start, end, value in rows[1:]:
            share = reference.fetch(contig, int(start), int(end)).count("C") / 200
            assert float(value) == pytest.approx(share, abs=1e-4)


def test_a_bigwig_holds_each_stride_once(world, tmp_path):
    predict(job(world, tmp_path / "p.bw"))
    predict(job(world, tmp_path / "p.tsv"))
    table = [line.split("\t") for line in (tmp_path / "p.tsv").read_text().splitlines()[1:]]
    with open_bigwig(str(tmp_path / "p.bw")) as handle:
        assert handle.chroms() == {"c2": 9000, "c3": 9000}
        for contig in ("c2", "c3"):
            found = handle.intervals(contig)
            expected = [(int(start) + 50, int(start) + 150) for name, start, *_ in table if name == contig]
            assert [(start, end) for start, end, _ in found] == expected
            values = [np.expm1(float(value)) for name, _, _, value in table if name == contig]
            np.testing.assert_allclose([value for *_, value in found], values, atol=1e-3)


def test_regions_restrict_what_is_predicted(world, tmp_path):
    (tmp_path / "r.bed").write_text("c2\t4050\t4060\nc2\t4150\t4250\nc2\t4300\t4310\n")
    for name in ("p.tsv", "p.bw"):
        predict(job(world, tmp_path / name, regions=tmp_path / "r.bed"))
    starts = [int(line.split("\t")[1]) for line in (tmp_path / "p.tsv").read_text().splitlines()[1:]]
    assert starts == [3900, 4000, 4100, 4200, 4300]
    with open_bigwig(str(tmp_path / "p.bw")) as handle:
        assert [start for start, *_ in handle.intervals("c2")] == [start + 50 for start in starts]


def share_of_each(batch):
    """Predict as log count the share of C for one track, twice as much for another."""
    found = share_of_c(batch)
    return {f"leaf_{name}": share for name, share in found.items()} | {
        f"root_{name}": 2 * share for name, share in found.items()
    }


def test_each_track_is_a_column_of_the_table_and_a_bigwig(world, tmp_path):
    facts = {"options": Options(**SMALL, tracks=("leaf", "root")), "predict": share_of_each}
    assert predict(job(world, tmp_path / "p.tsv")) == (tmp_path / "p.tsv",)
    assert predict(job(world, tmp_path / "q.tsv", **facts)) == (tmp_path / "q.tsv",)
    alone, both = (pd.read_csv(tmp_path / name, sep="\t") for name in ("p.tsv", "q.tsv"))
    assert list(both) == ["contig", "start", "end", "log_count_leaf", "log_count_root"]
    np.testing.assert_array_equal(both["log_count_leaf"], alone["log_count"])
    np.testing.assert_allclose(both["log_count_root"], 2 * alone["log_count"], atol=2e-4)
    written = predict(job(world, tmp_path / "p.bw", **facts))
    assert written == (tmp_path / "p.leaf.bw", tmp_path / "p.root.bw")
    assert not (tmp_path / "p.bw").exists()
    for path, name in zip(written, ("leaf", "root"), strict=True):
        values = np.expm1(both[both["contig"] == "c3"][f"log_count_{name}"])
        with open_bigwig(str(path)) as handle:
            np.testing.assert_allclose([value for *_, value in handle.intervals("c3")], values, atol=1e-3)


def test_a_name_that_tells_a_track_is_that_one_alone(world, tmp_path):
    facts = {"options": Options(**SMALL, tracks=("leaf", "root")), "predict": share_of_each}
    predict(job(world, tmp_path / "p.bw", **facts))
    assert predict(job(world, tmp_path / "x.root.bw", **facts)) == (tmp_path / "x.root.bw",)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["p.leaf.bw", "p.root.bw", "x.root.bw"]
    assert (tmp_path / "x.root.bw").read_bytes() == (tmp_path / "p.root.bw").read_bytes()


def test_where_a_prediction_breaks_off_no_bigwig_is_left(world, tmp_path):
    def broken(batch):
        raise InputError("stopped")

    facts = {"options": Options(**SMALL, tracks=("leaf", "root")), "predict": broken}
    with pytest.raises(InputError, match="stopped"):
        predict(job(world, tmp_path / "p.bw", **facts))
    assert list(tmp_path.iterdir()) == []


def test_another_format_is_refused(world, tmp_path):
    with pytest.raises(InputError, match=r"p\.vcf: found another ending, wanted one of \.bw, \.tsv"):
        predict(job(world, tmp_path / "p.vcf"))
