"""A dataset of several tracks, as rules."""

import pytest

from tests.applications.accessibility import tracks
from tests.workflow.conftest import ROOT, call_snakemake, outputs

CONFIG = """
dataset: tracks
application: accessibility
reference: genome.fa
samples: samples.tsv
experiments: experiments.tsv
options: { span: 1000, flank: 200, window: 200, stride: 100, tracks: [control, treated] }
splits:
  train: { samples: [ada, ann, bo], contigs: [c1] }
  validation: { samples: [ada, ann, bo], contigs: [c2] }
  test: { samples: [ada, ann, bo], contigs: [c3] }
predict: [test]
"""
WRITTEN = [f"results/tracks/predict/test.{name}.bw" for name in tracks.MOTIFS]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Genome, fragments of three samples, and the configuration of a dataset."""
    folder = tmp_path_factory.mktemp("tracks")
    tracks.write_world(folder)
    rows = "".join(
        f"{name}\t{name}.fragments.bed\t{condition}\n" for name, condition in tracks.SAMPLES.items()
    )
    (folder / "samples.tsv").write_text("sample\tfragments\tcondition\n" + rows)
    (folder / "experiments.tsv").write_text("experiment\tseed\natac_cnn\t1\n")
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "config").mkdir()
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    return folder


def test_a_prediction_of_the_workflow_has_a_file_for_each_track(project):
    said = call_snakemake(project, "-n", "-p", config="config.yaml")
    assert set(WRITTEN) <= set(outputs(said))
    assert said.count("seqmill predict ") == 1
    assert "--output results/tracks/predict/test.bw " in said


def test_a_track_without_a_sample_is_told_before_anything_runs(project):
    given = ["--config", "options={'tracks': ['control', 'traeted']}"]
    said = call_snakemake(project, "-n", *given, config="config.yaml", fails=True)
    assert "condition 'treated' is none of options.tracks (did you mean 'traeted'?): control, traeted" in said
    assert "options.tracks: no sample of split train has the condition traeted" in said
