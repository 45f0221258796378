import os
from pathlib import Path

import pytest
import yaml

from seqmill.errors import ConfigErrors, InputError
from seqmill.simulate.plan import MarkPlan, ModifiedPlan, SamplePlan, load_plan

SMALL = {
    "seed": 1,
    "contigs": {"c": {"random": 5000}},
    "samples": {"ada": {"contigs": ["c"]}},
}
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def load(tmp_path):
    def load(**changes):
        path = tmp_path / "plan.yaml"
        path.write_text(yaml.safe_dump(SMALL | changes))
        return load_plan(path)

    return load


def test_a_small_plan_has_defaults_for_the_rest(load):
    plan = load()
    assert plan.samples["ada"] == SamplePlan(
        contigs=("c",), depth=30.0, error_model="clean", delivery="fastq"
    )
    assert (plan.reads.length, plan.reads.insert_mean, plan.reads.insert_sd) == (150, 400.0, 50.0)
    assert (plan.mask.every, plan.mask.lowest) == (20, 30.0)


MARK = {"motif": "GATC", "offset": 1}


def modified(**changes):
    return {"samples": {"ada": {"contigs": ["c"], "modified": {"marks": {"6mA": MARK}} | changes}}}


def test_marks_are_planted_in_long_reads(load):
    plan = load(**modified(noise=0.1)).samples["ada"].modified
    assert plan == ModifiedPlan(marks={"6mA": MarkPlan(motif="GATC", offset=1)}, noise=0.1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (modified(noise=0.7), "samples.ada.modified: noise has to be in 0 to 0.5"),
        (modified(marks={"6ma": MARK}), "samples.ada.modified.marks: '6ma' is unknown"),
        (
            modified(marks={"5mC": MARK}),
            "samples.ada.modified.marks.5mC.offset: found 1, wanted the place, from 0, of a C in GATC",
        ),
        (
            modified(marks={"6mA": MARK | {"motif": "GAQC"}}),
            "samples.ada.modified.marks.6mA.motif: found GAQC, wanted letters of",
        ),
        (
            modified(marks={"6mA": MARK | {"level": 2}}),
            "samples.ada.modified.marks.6mA: level and elsewhere have to be in 0 to 1",
        ),
        ({"contigs": {"c": {}}}, "contigs.c: wanted either random"),
        ({"contigs": {"c": {"random": 5, "fasta": __file__}}}, "contigs.c: wanted either random"),
        ({"contigs": {"c": {"fasta": "no.fa"}}}, "contigs.c.fasta: there is no file no.fa"),
        ({"contigs": {"c": {"random": 5, "sites": "no.vcf"}}}, "contigs.c.sites: there is no file no.vcf"),
        ({"spectrum": {"vcf": __file__}}, "spectrum: wanted both vcf and confident"),
        ({"samples": {"a": {"contigs": ["d"]}}}, "samples.a.contigs: 'd' is not among contigs"),
        ({"samples": {"a": {"contigs": []}}}, "samples.a.contigs: wanted at least one contig"),
        (
            {"samples": {"a": {"contigs": ["c", "c"]}}},
            "samples.a.contigs: wanted at least one contig, each once",
        ),
        (
            {"samples": {"a": {"contigs": ["c"], "error_model": "clear"}}},
            "samples.a.error_model: 'clear' is unknown (did you mean 'clean'?)",
        ),
        ({"samples": {"a": {"contigs": ["c"], "delivery": "ban"}}}, "samples.a.delivery: 'ban' is unknown"),
        ({"samples": {"a": {"contigs": ["c"], "depth": 0}}}, "samples.a: depth and lanes have to be above 0"),
        (
            {"samples": {"a": {"contigs": ["c"], "delivery": "bam", "lanes": 2}}},
            "samples.a.lanes: bam has no lanes",
        ),
        ({"samples": {"a": {"contigs": ["c"], "fastq": __file__}}}, "samples.a: real reads need both"),
        ({"samples": {"a": {"contigs": ["c"], "confident": __file__}}}, "samples.a.confident: goes with"),
        ({"reads": {"length": 500}}, "reads: wanted length >= 20"),
        ({"mask": {"every": 0}}, "mask.every: wanted 1 or more, found 0"),
    ],
)
def test_each_mistake_is_named(load, changes, expected):
    with pytest.raises(ConfigErrors) as caught:
        load(**changes)
    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(expected)


def test_all_mistakes_come_at_once(load):
    sample = {"contigs": ["d"], "delivery": "ban", "depth": -1.0}
    with pytest.raises(ConfigErrors, match="3 problems"):
        load(samples={"a": sample})


def test_missing_and_broken_files(tmp_path):
    with pytest.raises(InputError, match="there is no such plan"):
        load_plan(tmp_path / "none.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("seed: [")
    with pytest.raises(InputError, match=r"broken\.yaml: whole YAML wanted"):
        load_plan(broken)


def test_the_demo_plan_is_whole():
    plan = load_plan(REPOSITORY / "config" / "demo" / "simulate.yaml")
    assert {sample.delivery for sample in plan.samples.values()} == {"fastq", "bam", "cram"}


def test_training_and_test_of_the_real_plan_share_neither_contig_nor_individual_nor_noise():
    content = yaml.safe_load((REPOSITORY / "config" / "real" / "simulate.yaml").read_text())
    groups = {"t": [], "v": [], "e": []}
    for name, sample in content["samples"].items():
        if name[0] in groups:
            groups[name[0]].append((sample.get("individual", name), sample["contigs"], sample["error_model"]))
    people = [{who for who, _, _ in group} for group in groups.values()]
    contigs = [{contig for _, held, _ in group for contig in held} for group in groups.values()]
    for sets in (people, contigs):
        assert sum(map(len, sets)) == len(set().union(*sets))
    seen = {noise for _, _, noise in groups["t"] + groups["v"]}
    assert {noise for _, _, noise in groups["e"]} - seen == {"polymerase"}


@pytest.mark.real
def test_the_real_plan_is_whole(monkeypatch):
    data = Path(os.environ.get("SEQMILL_DATA", "../shared/data")).resolve()
    if not (data / "variants").is_dir():
        pytest.skip(f"no real data in {data}; set SEQMILL_DATA")
    monkeypatch.setenv("SEQMILL_DATA", str(data))
    assert len(load_plan(REPOSITORY / "config" / "real" / "simulate.yaml").samples) == 39
