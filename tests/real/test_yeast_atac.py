"""Real fragments of yeast: facts that are known of them come out."""

import pytest

from seqmill.applications.accessibility.examples import examples, relative_coverage
from seqmill.applications.accessibility.spec import Options
from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.reads.fragment_file import stage_fragments

FRAGMENTS, ON_CHROMOSOME_I = 467_908, 5_771


@pytest.mark.real
@pytest.mark.slow
def test_every_end_of_a_chromosome_is_counted_and_the_additional_chromosome_shows(real_data, tmp_path):
    folder = real_data / "regulatory" / "yeast_atac"
    with Reference(folder / "genome.fa.gz") as genome:
        staged = stage_fragments(
            folder / "fragments.bedpe.gz", genome, tmp_path / "atac.bed.gz", rename_contigs="chr"
        )
        lengths = genome.contigs
    assert (staged.total, staged.dropped) == (FRAGMENTS, {})
    assert staged.contig_mismatches == ("'chrM' is 'chrMT' in the reference (renamed)",)
    depths = {name: found.bases / lengths[name] for name, found in staged.coverage.items()}
    relative = {name: relative_coverage(name, depths, lengths) for name in depths}
    assert 1.2 < relative["chrV"] < 1.7
    report = LabelReport()
    job = ExamplesJob(
        sample="atac",
        alignments=tmp_path / "atac.bed.gz",
        reference=folder / "genome.fa.gz",
        intervals=(Interval("chrI", 0, lengths["chrI"]),),
        splits=None,
        options=Options(drop_duplicates=False),
    )
    rows = sum(batch.num_rows for batch in examples(job, report))
    assert rows == -(-lengths["chrI"] // 3000)
    assert report.counts["ends_counted"] == 2 * ON_CHROMOSOME_I
