import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.simulate.assembly import write_reference
from seqmill.simulate.plan import ContigPlan, Plan


def plan(**contigs):
    return Plan(seed=1, contigs=contigs, samples={})


def test_contigs_are_laid_together_under_new_names(fasta, reference, tmp_path):
    content = plan(
        first=ContigPlan(fasta=str(fasta), source="c2"), second=ContigPlan(random=5_000),
        third=ContigPlan(random=5_000),
    )  # fmt: skip
    with Reference(write_reference(content, tmp_path / "new" / "reference.fa")) as made:
        assert made.contigs == {"first": 60_000, "second": 5_000, "third": 5_000}
        assert made.fetch("first", 0, 60_000) == reference.fetch("c2", 0, 60_000)
        assert made.fetch("second", 0, 5_000) != made.fetch("third", 0, 5_000)


def test_a_new_reference_makes_an_old_index_go(tmp_path):
    path = tmp_path / "reference.fa"
    for length in (3_000, 2_000):
        write_reference(plan(c=ContigPlan(random=length)), path)
        with Reference(path) as made:
            assert made.contigs == {"c": length}


@pytest.mark.parametrize("source", ["", "c3"])
def test_the_contig_of_a_fasta_has_to_be_clear(fasta, tmp_path, source):
    content = plan(new=ContigPlan(fasta=str(fasta), source=source))
    with pytest.raises(InputError, match=r"contigs\.new\.source: .* holds 2 contigs \(c1, c2\)"):
        write_reference(content, tmp_path / "reference.fa")
    assert list(tmp_path.iterdir()) == []
