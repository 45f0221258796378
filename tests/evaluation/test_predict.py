"""A new sample called with a checkpoint: the same calls as in the evaluation of the same reads."""

import pytest

from seqmill.errors import InputError
from seqmill.evaluation.predict import predict_sample
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
