"""Predicted levels of all sites as bedMethyl."""

import numpy as np
import pysam
import pytest

from seqmill.applications.methylation.bedmethyl import read_bedmethyl
from seqmill.applications.methylation.predict import predict
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.genome.bases import BASES
from tests.applications.methylation.conftest import SMALL, options


def share_before(batch):
    """Predict as level of each mark whether a G, and a C, stands before the site."""
    before = batch["sequence"][:, 9]
    return {
        f"predicted_level_{column}": (before == BASES.index(base)).astype(np.float32)
        for column, base in enumerate("GC")
    }


def job(world, output, **facts):
    given = {"contigs": ("v1", "t1"), "regions": None, "lineage": {}} | facts
    return SequenceJob(
        options=facts.pop("options", options(SMALL)),
        predict=share_before,
        reference=world.reference,
        output=output,
        **{name: value for name, value in given.items() if name != "options"},
    )


def test_every_site_of_either_strand_is_told_from_its_own_strand(world, tmp_path):
    predict(job(world, tmp_path / "p.bed.gz"))
    found = read_bedmethyl(tmp_path / "p.bed.gz")
    text = "".join(BASES[code] for code in world.codes["t1"])
    inner = range(10, len(text) - 10)
    own = found[found["contig"] == "t1"]
    assert own["position"].tolist() == list(inner)  # every base is an A or a C of one of the strands
    for position, strand, mark, level in zip(
        own["position"], own["strand"], own["mark"], own["level"], strict=True
    ):
        before = (
            text[position - 1] if strand > 0 else text[position + 1].translate(str.maketrans("ACGT", "TGCA"))
        )
        base = text[position] if strand > 0 else text[position].translate(str.maketrans("ACGT", "TGCA"))
        assert (mark, base) in (("6mA", "A"), ("5mC", "C"))
        assert level == (before == ("G" if mark == "6mA" else "C"))


def test_regions_and_contexts_restrict_what_is_predicted(world, tmp_path):
    (tmp_path / "r.bed").write_text("t1\t100\t140\nt1\t200\t210\n")
    chosen = options(SMALL | {"marks": ["5mC"], "contexts": ["CpG"]})
    predict(job(world, tmp_path / "p.bed.gz", regions=tmp_path / "r.bed", options=chosen))
    text = "".join(BASES[code] for code in world.codes["t1"])
    expected = [
        at
        for at in [*range(100, 140), *range(200, 210)]
        if "CG" in (text[at : at + 2], text[at - 1 : at + 1])
    ]
    with pysam.TabixFile(str(tmp_path / "p.bed.gz")) as handle:
        assert [int(line.split("\t")[1]) for line in handle.fetch("t1")] == expected


def test_another_format_is_refused(world, tmp_path):
    with pytest.raises(InputError, match=r"p\.bw: found another ending, wanted \.bed\.gz"):
        predict(job(world, tmp_path / "p.bw"))
    assert not (tmp_path / "p.bw").exists()
