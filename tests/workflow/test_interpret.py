"""Explanations and effects as rules, on a planted genome of a few thousand bases."""

import json
import re
from pathlib import Path

import pysam
import pytest

from seqmill.genome.meme import write_meme
from tests.applications.accessibility import planted
from tests.interpretation.conftest import motif_of
from tests.workflow.conftest import ROOT, call_snakemake, job_counts
from tests.workflow.test_profiles import SUBMITTED, planned

CONFIG = """
dataset: planted
application: accessibility
reference: genome.fa
samples: samples.tsv
experiments: experiments.tsv
options: { span: 1000, flank: 200, window: 200, stride: 100 }
splits:
  train: { samples: [ada], contigs: [c1] }
  validation: { samples: [ada], contigs: [c2] }
  test: { samples: [ada], contigs: [c3] }
evaluation: { replicates: 20 }
explain:
  opening: { motifs: known.meme, insert: [opener], most: 6 }
effects:
  eve: { vcf: eve.vcf }
  places: { vcf: eve.vcf, regions: places.bed }
"""
OVERRIDES = (
    "model.options.channels=8 model.options.stem=5 model.options.dilations=[1,2]"
    " augmentation.jitter=100 trainer.epochs=2 trainer.batch_size=8 trainer.precision=fp32"
)


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """Genome, fragments, a motif, variants on c3, and the configuration of a dataset."""
    folder = tmp_path_factory.mktemp("interpreted")
    planted.write_fragments(folder / "f.bed", planted.write_genome(folder / "genome.fa"))
    write_meme(folder / "known.meme", [motif_of("opener", planted.MOTIF)], background=(0.25,) * 4)
    with pysam.FastaFile(str(folder / "genome.fa")) as fasta:
        bases = fasta.fetch("c3", 4000, 4001), fasta.fetch("c3", 8, 9)
    lines = [
        f"c3\t{position}\t.\t{ref}\t{'C' if ref != 'C' else 'A'}\t.\t.\t.\n"
        for position, ref in ((9, bases[1]), (4001, bases[0]))
    ]
    head = "##fileformat=VCFv4.2\n##contig=<ID=c3>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    (folder / "eve.vcf").write_text(head + "".join(lines))
    (folder / "places.bed").write_text("c3\t3950\t4030\tmiddle\n")
    (folder / "samples.tsv").write_text("sample\tfragments\tcondition\nada\tf.bed\tatac\n")
    (folder / "experiments.tsv").write_text(
        f"experiment\tseed\trole\toverrides\natac_cnn\t1\t\t{OVERRIDES}\n"
    )
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "config").mkdir()
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    return folder


def test_a_profile_gives_the_rules_their_resources(project):
    profile = str(ROOT / "profiles" / "slurm")
    found = planned(
        call_snakemake(project, "-n", "--cores", "64", "--workflow-profile", profile, config="config.yaml")
    )
    for rule in ("explain", "effects"):
        threads, memory, minutes, place = SUBMITTED[rule]
        given = [found[rule][key] for key in ("threads", "mem_mb", "runtime", "slurm_partition")]
        assert given == [str(threads), str(memory[0]), str(minutes[0]), place], rule


@pytest.mark.slow
def test_the_registered_model_is_explained_and_asked_about_variants(project):
    said = call_snakemake(project, "--cores", "2", config="config.yaml")
    assert "(100%) done" in said
    results = project / "results" / "planted"
    told = json.loads((results / "explain" / "opening" / "explain.json").read_text())
    assert (told["regions"]["used"], told["regions"]["not_drawn"]) == (6, 3)
    assert "\nopener\t" in (results / "explain" / "opening" / "insertions.tsv").read_text()
    page = (results / "report.html").read_text()
    (link,) = re.findall(r'<a href="(explain/[^"]*)"', page)
    assert (results / link).is_file() and "output log_count, 6 windows" in page
    with pysam.VariantFile(str(results / "effects" / "eve.vcf.gz")) as found:
        edge, middle = found.fetch("c3")
        assert edge.info["EFFECT_DROPPED"] == ("over_contig_end",)
        assert abs(middle.info["EFFECT_log_count"][0]) > 0
    with pysam.VariantFile(str(results / "effects" / "places.vcf.gz")) as found:
        edge, middle = found.fetch("c3")
        assert edge.info["EFFECT_DROPPED"] == ("outside_regions",)
        assert middle.info["EFFECT_REGION"] == ("c3:3950-4030",)
    again = call_snakemake(project, "--cores", "2", config="config.yaml")
    assert "Nothing to be done" in again and job_counts(again) == {}


def test_what_cannot_be_interpreted_is_told_with_all_other_mistakes(project):
    bad = CONFIG.replace("known.meme", "results/other/explain/a/motifs.meme").replace(
        "vcf: eve.vcf }", "vcf: x.vcf }"
    )
    (project / "bad.yaml").write_text(bad)
    said = call_snakemake(project, "-n", config="bad.yaml", fails=True)
    assert (
        "explain.opening.motifs: results/other/explain/a/motifs.meme: no such file; the dataset 'other'"
        in said
    )
    assert "effects.eve.vcf: x.vcf: no such file" in said
    more = ["--config", "explain={'a': {'target': 'x', 'wanted': 1}}"]
    said = call_snakemake(project, "-n", *more, config="config.yaml", fails=True)
    assert "explain.a: unknown key 'wanted'" in said
