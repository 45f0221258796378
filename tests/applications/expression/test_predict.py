"""Predictions from sequence as a table."""

import pytest

from seqmill.applications.expression.predict import predict
from seqmill.applications.expression.spec import Options
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.genome.reference import Reference

OPTIONS = Options(upstream=30, downstream=10, biotypes=("protein_coding",))
TURNED = str.maketrans("ACGT", "TGCA")


def share_of_c(batch):
    return {"predicted_level": (batch["sequence"] == 1).mean(1)}


def job(world, output, regions, **facts):
    given = {"contigs": ("c1", "c2", "c3"), "lineage": {}, "options": OPTIONS} | facts
    return SequenceJob(predict=share_of_c, reference=world.reference, output=output, regions=regions, **given)


def rows(path):
    return [line.split("\t") for line in path.read_text().splitlines()]


def test_genes_are_predicted_by_their_promoters(world, tmp_path, capsys):
    predict(job(world, tmp_path / "p.tsv", world.genes))
    header, *found = rows(tmp_path / "p.tsv")
    assert header == ["name", "contig", "start", "end", "strand", "level"]
    assert [row[:5] for row in found] == [
        ["plus", "c1", "70", "110", "+"],
        ["minus", "c1", "590", "630", "-"],
    ]
    with Reference(world.reference) as reference:
        ahead, behind = reference.fetch("c1", 70, 110), reference.fetch("c1", 590, 630)
    assert float(found[0][5]) == pytest.approx(ahead.count("C") / 40, abs=1e-4)
    assert float(found[1][5]) == pytest.approx(behind.count("G") / 40, abs=1e-4)
    assert "promoters left out: past end 1" in capsys.readouterr().err


def test_regions_are_predicted_on_their_strand(world, tmp_path, capsys):
    (tmp_path / "r.bed").write_text("c2\t60\t100\tx\t0\t-\nc3\t10\t50\ty\t0\t+\nc3\t0\t9\tz\t0\t+\n")
    predict(job(world, tmp_path / "p.tsv", tmp_path / "r.bed"))
    _, *found = rows(tmp_path / "p.tsv")
    assert [row[:5] for row in found] == [["x", "c2", "60", "100", "-"], ["y", "c3", "10", "50", "+"]]
    with Reference(world.reference) as reference:
        assert float(found[0][5]) == pytest.approx(reference.fetch("c2", 60, 100).count("G") / 40, abs=1e-4)
    assert "regions left out: not 40 bases long 1" in capsys.readouterr().err
    predict(job(world, tmp_path / "p.tsv", tmp_path / "r.bed", contigs=("c3",)))
    assert [row[0] for row in rows(tmp_path / "p.tsv")[1:]] == ["y"]


def test_the_staged_table_of_a_sample_is_a_bed_too(world, tmp_path):
    options = Options(upstream=35, downstream=5)
    predict(job(world, tmp_path / "p.tsv", world.regions, options=options))
    assert len(rows(tmp_path / "p.tsv")) == 1 + 400 + 120 + 160


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("p.tsv", None, "--regions: not given"),
        ("p.vcf", "c1\t0\t40\n", r"p\.vcf: found another ending, wanted \.tsv"),
        ("p.tsv", "c1\t0\t30\n", "no region of 40 bases found, most have 30"),
        ("p.tsv", "chr1\t0\t40\n", "shares no contig with|named otherwise"),
        ("p.tsv", "c1\t40\t0\n", "line 1: found .*wanted contig, start and end > start"),
        ("p.tsv", "c1\t0\t40\nc1\t0\t40\tx\n", "line 2: found 4 columns, wanted 3"),
        ("p.tsv", "# nothing\n", "holds no region"),
        ("p.tsv", "c1\t99990\t100030\n", "no promoter in it can be predicted on c1.*past end 1"),
    ],
)
def test_what_cannot_be_predicted_is_refused_and_nothing_is_written(world, tmp_path, name, text, message):
    regions = None
    if text is not None:
        regions = tmp_path / "r.bed"
        regions.write_text(text)
    with pytest.raises(InputError, match=message):
        predict(job(world, tmp_path / name, regions))
    assert not (tmp_path / name).exists()
