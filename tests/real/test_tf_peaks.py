"""Real peaks of CTCF and PU.1: facts that are known of them come out."""

import pytest

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.applications.tf_binding.examples import examples
from seqmill.applications.tf_binding.spec import Options
from seqmill.genome.intervals import Interval
from seqmill.genome.reference import Reference
from seqmill.genome.splits import Splits
from seqmill.packing.pack import pack
from seqmill.packing.plan import load_pack_plan
from seqmill.reads.region_file import stage_regions

PEAKS = {"ctcf": 39_184, "pu1": 28_677}
ON_CHR21 = {"CTCF": 402, "SPI1": 378}


@pytest.mark.real
@pytest.mark.slow
def test_peaks_become_examples_and_the_places_in_their_names_tell_which_overlap(
    real_data, tmp_path, monkeypatch
):
    monkeypatch.setenv("SEQMILL_DATA", str(real_data))
    packed = pack(load_pack_plan("config/real/tf_binding/pack.yaml"), tmp_path)
    assert [source["kept"] for source in packed["sources"]] == list(PEAKS.values())
    with Reference(tmp_path / "reference.fa") as reference:
        stage_regions(tmp_path / "peaks.bed", reference, tmp_path / "staged.bed.gz")
        whole = Interval("chr21", 0, reference.contigs["chr21"])
    report = LabelReport()
    job = ExamplesJob(
        sample="peaks",
        alignments=tmp_path / "staged.bed.gz",
        reference=tmp_path / "reference.fa",
        intervals=(whole,),
        splits=Splits({"train": {"samples": ["peaks"], "contigs": ["chr21"]}}),
        options=Options(factors=tuple(ON_CHR21), window=100, gc_matched=0, places="name"),
    )
    rows = sum(batch.num_rows for batch in examples(job, report))
    assert rows == 2 * sum(ON_CHR21.values())
    shared = report.counts["windows_bound_by_several"]
    bound = {name: report.classes["train"][f"bound.{name}"] for name in ON_CHR21}
    assert sum(bound.values()) == sum(ON_CHR21.values()) + shared
