"""Predictions along a genome as files."""

import gzip

import numpy as np
import pysam
import pytest
from pyBigWig import open as open_bigwig
from scipy.special import expit

from seqmill.applications.scoring import SequenceJob
from seqmill.applications.tf_binding.predict import predict
from seqmill.applications.tf_binding.spec import Options
from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from tests.applications.tf_binding import planted
from tests.applications.tf_binding.conftest import SMALL

STEP = planted.WIDTH // 4


def shares(batch):
    """Predict as logits the shares of C and of G in each window."""
    return {f"logit_{at}": (batch["sequence"] == base).mean(1) for at, base in enumerate((1, 2))}


def job(world, output, **facts):
    given = {"contigs": ("c2", "c3"), "regions": None, "lineage": {}, "options": Options(**SMALL)} | facts
    return SequenceJob(
        predict=shares, reference=given.pop("reference", world.reference), output=output, **given
    )


def lines(path):
    return [line.rstrip("\n").split("\t") for line in gzip.open(path, "rt")]


def test_a_table_holds_each_window_of_the_contigs_once(world, tmp_path):
    predict(job(world, tmp_path / "p.tsv.gz"))
    rows = lines(tmp_path / "p.tsv.gz")
    assert rows[0] == ["#contig", "start", "end", "AAA1", "BBB2"]
    assert {row[0] for row in rows[1:]} == {"c2", "c3"}
    starts = [int(row[1]) for row in rows[1:] if row[0] == "c2"]
    assert starts == list(range(0, 20_000 - planted.WIDTH + 1, STEP))
    with Reference(world.reference) as reference:
        for contig, start, end, *told in rows[1::50]:
            bases = reference.fetch(contig, int(start), int(end))
            wanted = [expit(bases.count(base) / planted.WIDTH) for base in "CG"]
            assert [float(one) for one in told] == pytest.approx(wanted, rel=1e-3)
    with pysam.TabixFile(str(tmp_path / "p.tsv.gz")) as handle:
        found = [int(line.split("\t")[1]) for line in handle.fetch("c3", 100, 101)]
    assert found == [start for start in range(0, 200, STEP) if start <= 100 < start + planted.WIDTH]


def test_a_bigwig_holds_the_factor_of_its_name(world, tmp_path):
    predict(job(world, tmp_path / "p.BBB2.bw"))
    predict(job(world, tmp_path / "p.tsv.gz"))
    table = [row for row in lines(tmp_path / "p.tsv.gz")[1:] if row[0] == "c3"]
    beside = (planted.WIDTH - STEP) // 2
    with open_bigwig(str(tmp_path / "p.BBB2.bw")) as handle:
        assert handle.chroms() == {"c2": 20_000, "c3": 20_000}
        found = handle.intervals("c3")
    assert [(start, end) for start, end, _ in found] == [
        (int(row[1]) + beside, int(row[1]) + beside + STEP) for row in table
    ]
    np.testing.assert_allclose([value for *_, value in found], [float(row[4]) for row in table], rtol=1e-3)


def test_regions_restrict_what_is_predicted_and_none_comes_twice(world, tmp_path):
    (tmp_path / "r.bed").write_text("c2\t4050\t4060\nc2\t4070\t4080\nc2\t19990\t20000\n")
    predict(job(world, tmp_path / "p.tsv.gz", regions=tmp_path / "r.bed"))
    starts = [int(row[1]) for row in lines(tmp_path / "p.tsv.gz")[1:]]
    touching = [
        start
        for start in range(0, 20_000 - planted.WIDTH + 1, STEP)
        if any(
            start < end and start + planted.WIDTH > begin
            for begin, end in ((4050, 4060), (4070, 4080), (19990, 20000))
        )
    ]
    assert starts == touching


def test_windows_without_known_bases_are_left_out(world, tmp_path):
    (tmp_path / "n.fa").write_text(">c2\n" + "ACGT" * 30 + "N" * 200 + "ACGT" * 30 + "\n")
    predict(job(world, tmp_path / "p.tsv.gz", reference=tmp_path / "n.fa", contigs=("c2",)))
    for row in lines(tmp_path / "p.tsv.gz")[1:]:
        unknown = len(set(range(int(row[1]), int(row[2]))) & set(range(120, 320)))
        assert unknown <= 0.1 * planted.WIDTH


def test_other_names_are_refused(world, tmp_path):
    with pytest.raises(InputError, match=r"p\.vcf: found another ending, wanted \.tsv\.gz or \.bw"):
        predict(job(world, tmp_path / "p.vcf"))
    with pytest.raises(InputError, match=r"a bigWig holds one factor.*name it such as p\.AAA1\.bw"):
        predict(job(world, tmp_path / "p.bw"))
