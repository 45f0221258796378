"""Mistakes end the workflow before any compute, all at once, without a traceback."""

import pytest


def failure(snakemake) -> str:
    message = snakemake("-n", fails=True)
    assert "Traceback" not in message
    return message


def replace(path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_mistakes_of_config_and_sheets_come_together(snakemake, workdir):
    replace(workdir / "config/demo/config.yaml", "contigs: [chrB]", "contigs: [chrA]")
    replace(workdir / "config/demo/config.yaml", "predict: [eve]", "predict: [evee]")
    replace(workdir / "config/demo/experiments.tsv", "pileup_gru\t1", "pileup_grru\t1")
    message = failure(snakemake)
    assert "contig 'chrA' is in two splits, train and validation" in message
    assert "predict: no sample 'evee' in config/demo/samples.tsv (did you mean 'eve'?)" in message
    assert "experiment 'pileup_grru' has no file" in message
    assert "(did you mean 'pileup_gru'?)" in message


def test_a_misspelt_key_is_answered_with_the_nearest(snakemake, workdir):
    replace(workdir / "config/demo/config.yaml", "baselines:", "baseline:")
    assert "unknown key 'baseline' (did you mean 'baselines'?)" in failure(snakemake)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\tcondition", "\tsample", "column 'sample' is there twice"),
        ("\tcondition", "", "column 'condition' is missing"),
        ("\ttruth", "\ttrhut", "unknown column 'trhut' (did you mean 'truth'?)"),
    ],
)
def test_columns_of_the_sample_sheet(snakemake, workdir, old, new, message):
    replace(workdir / "config/demo/samples.tsv", old, new)
    assert f"config/demo/samples.tsv: {message}" in failure(snakemake)
