"""A new sample called with a checkpoint: the same calls as in the evaluation of the same reads."""

import pysam
import pytest

from seqmill.errors import InputError
from seqmill.evaluation.predict import predict_sample, sample_name
from seqmill.evaluation.run import evaluate_run
from seqmill.genome.variants import read_vcf


def test_the_calls_are_those_of_the_evaluation(planted_dataset, trained, world, tmp_path):
    evaluate_run(trained, planted_dataset)
    output = tmp_path / "calls.vcf.gz"
    predict_sample(
        trained / "checkpoint.ckpt", reads=world / "eve.bam", reference=world / "reference.fa", output=output
    )
    scored = read_vcf(trained / "calls" / "eve.full.vcf.gz")
    found = [variant for variant in read_vcf(output, sample="eve") if variant.contig == "r"]
    assert found == scored
    assert sum(variant.filters == ("PASS",) for variant in found) == 5


def test_a_model_without_calibration_is_refused(trained, world, tmp_path):
    with pytest.raises(InputError, match=r"calibration\.json: no such file"):
        predict_sample(
            trained / "checkpoint.ckpt",
            reads=world / "eve.bam",
            reference=world / "reference.fa",
            output=tmp_path / "calls.vcf.gz",
        )
    assert not list(tmp_path.glob("calls*"))


def test_cram_gives_what_bam_gives(planted_dataset, trained, world, tmp_path):
    evaluate_run(trained, planted_dataset)
    cram = tmp_path / "eve.cram"
    pysam.view(
        "-C", "-T", str(world / "reference.fa"), "-o", str(cram), str(world / "eve.bam"), catch_stdout=False
    )
    for reads in (world / "eve.bam", cram):
        predict_sample(
            trained / "checkpoint.ckpt",
            reads=reads,
            reference=world / "reference.fa",
            output=tmp_path / f"{reads.suffix[1:]}.vcf.gz",
        )
    assert read_vcf(tmp_path / "bam.vcf.gz") == read_vcf(tmp_path / "cram.vcf.gz")
    assert (tmp_path / "eve.cram.crai").is_file()


def test_a_cram_on_another_reference_is_refused(planted_dataset, trained, world, tmp_path):
    evaluate_run(trained, planted_dataset)
    cram, other = tmp_path / "eve.cram", tmp_path / "other.fa"
    pysam.view(
        "-C", "-T", str(world / "reference.fa"), "-o", str(cram), str(world / "eve.bam"), catch_stdout=False
    )
    swap = str.maketrans("ACGT", "CATG")
    lines = (world / "reference.fa").read_text().splitlines()
    other.write_text("\n".join(line if line[0] == ">" else line.translate(swap) for line in lines) + "\n")
    with pytest.raises(
        InputError, match=r"eve\.cram: contig 'q' was written .* give the reference the CRAM was made with"
    ):
        predict_sample(
            trained / "checkpoint.ckpt", reads=cram, reference=other, output=tmp_path / "calls.vcf.gz"
        )
    assert not list(tmp_path.glob("calls*"))


@pytest.mark.parametrize(
    ("header", "name"),
    [({"RG": [{"ID": "1", "SM": "ada"}]}, "ada"), ({"RG": [{"ID": "1"}]}, "reads"), ({}, "reads")],
)
def test_sample_name(tmp_path, world, header, name):
    path = tmp_path / "reads.sorted.bam"
    with pysam.AlignmentFile(str(path), "wb", header={"SQ": [{"SN": "q", "LN": 9}]} | header):
        pass
    assert sample_name(path, world / "reference.fa") == name
