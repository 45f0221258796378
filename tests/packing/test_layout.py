"""Where sequences come to lie."""

import random

import pytest

from seqmill.errors import InputError
from seqmill.packing.layout import lay_out
from seqmill.packing.plan import ContigRule, PackPlan, Source


def plan(*sources, spacer=3) -> PackPlan:
    return PackPlan(sources=list(sources), spacer=spacer)


@pytest.fixture
def fasta(tmp_path):
    def write(name, records):
        path = tmp_path / f"{name}.fa"
        path.write_text("".join(f">{key}\n{bases}\n" for key, bases in records.items()))
        return str(path)

    return write


def test_a_contig_for_each_value_in_the_names(fasta):
    chromosome = ContigRule(pattern=r"^(chr\w+):")
    one = fasta("one", {"chr10:1-5": "ACGT", "chr2:7-9": "GG"})
    two = fasta("two", {"chr2:90-99": "TTT", "chr3:1-4": "ACGT"})
    found = lay_out(
        plan(
            Source(sample="a", path=one, contigs=chromosome),
            Source(sample="b", path=two, contigs=chromosome),
        )
    )
    assert found.lengths == {"chr2": 3 + 2 + 3 + 3 + 3, "chr10": 3 + 4 + 3}
    assert [place for place, _ in found.regions["a"]] == [("chr10", 3, 7), ("chr2", 3, 5)]
    assert [place for place, _ in found.regions["b"]] == [
        ("chr2", 8, 11),
        ("chr10", 3, 7),
    ]  # ACGT has its place
    assert found.counts[0] == {"path": one, "sample": "a", "kept": 2, "repeated": 0, "other_letters": 0}


def test_a_name_that_does_not_fit(fasta):
    path = fasta("one", {"scaffold": "ACGT"})
    with pytest.raises(InputError, match=r"the name 'scaffold' does not fit contigs\.pattern"):
        lay_out(plan(Source(sample="a", path=path, contigs=ContigRule(pattern="^(chr)"))))


def test_folds_keep_likes_together_in_any_order(fasta):
    draw = random.Random(5)
    originals = ["".join(draw.choices("ACGT", k=60)) for _ in range(60)]
    records = {f"o{at}": bases for at, bases in enumerate(originals)}
    copies = {f"c{at}": bases[:55] + "A" for at, bases in enumerate(originals)}
    rule = ContigRule(folds=4, prefix="part_")
    found = lay_out(
        plan(
            Source(sample="a", path=fasta("one", records), contigs=rule),
            Source(sample="a", path=fasta("two", copies), contigs=rule),
        )
    )
    contig = {row.name: place.contig for place, row in found.regions["a"]}
    assert set(contig.values()) == {"part_0", "part_1", "part_2", "part_3"}
    assert all(contig[f"o{at}"] == contig[f"c{at}"] for at in range(60))
    other = lay_out(
        plan(
            Source(sample="a", path=fasta("two", dict(reversed(copies.items()))), contigs=rule),
            Source(sample="a", path=fasta("one", records), contigs=rule),
        )
    )
    assert {row.name: place.contig for place, row in other.regions["a"]} == contig
