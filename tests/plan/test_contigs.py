"""The contigs of a reference, and how they are cut where nobody chose."""

from seqmill.genome.intervals import region_batches
from seqmill.plan.contigs import reference_contigs, region_batch
from tests.profiles import cohort

GRCH38_MB = (
    *(248, 242, 198, 190, 182, 171, 159, 145, 138, 134, 135, 133, 114, 107, 102, 90, 83, 80, 59, 64, 47, 51),
    *(156, 57, 1),
)


def test_a_small_reference_is_cut_at_five_megabases():
    assert region_batch({"c1": 9000}) == 5_000_000
    assert region_batch({"c1": 20_000_000}) == 5_000_000


def test_a_large_reference_is_cut_in_quarters_that_are_rounded_up():
    assert region_batch({"c1": 20_000_001}) == 5_000_001
    assert region_batch({"c1": 30_000_000, "c2": 10_000_000}) == 10_000_000


def test_a_human_genome_is_a_handful_of_jobs():
    contigs = {f"chr{number}": size * 1_000_000 for number, size in enumerate(GRCH38_MB)}
    assert len(region_batches(contigs, region_batch(contigs))) == 5


def test_an_index_alone_tells_the_contigs_unless_it_is_none(tmp_path):
    index = tmp_path / "ref.fa.fai"
    index.write_text("c1\t8\t4\t8\t9\nc2\t4\t17\t4\t5\n")
    contigs, problems = reference_contigs("s3://reads/ref.fa", index=index)
    assert (contigs, problems) == ({"c1": 8, "c2": 4}, [])
    index.write_text("<html>moved</html>\n")
    contigs, (problem,) = reference_contigs("s3://reads/ref.fa", index=index)
    assert contigs == {}
    assert problem == f"{index}: found no index of a FASTA file; make it again with 'samtools faidx'"


def test_folds_of_profiles_are_contigs(tmp_path):
    contigs, problems = reference_contigs("raw/profiles.json", profiles=str(cohort.write(tmp_path)))
    assert problems == []
    assert contigs["cell_3"] == 1
    assert len(contigs) == 12


def test_a_plan_of_profiles_with_mistakes_is_told_with_its_name(tmp_path):
    plan = cohort.write(tmp_path, {"fold_count": 2})
    contigs, problems = reference_contigs("raw/profiles.json", profiles=str(plan))
    assert contigs == {}
    assert problems == [f"{plan}: fold_count: found 2, want at least 3"]
