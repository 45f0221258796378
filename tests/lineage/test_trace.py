"""Every kind of file leads down to the reads, the reference and the labels, and tells when one changed."""

import json
import shutil
from pathlib import Path

import pytest

from seqmill.files import sha256_file
from seqmill.genome.reference import Reference
from seqmill.lineage.read import read_lineage

pytestmark = pytest.mark.slow

RESULTS = Path("results/tiny")
RUN = RESULTS / "runs/scalars/seed-1"
READS = {"ada": ["raw/ada/reads_R1.fastq.gz", "raw/ada/reads_R2.fastq.gz"], "bo": ["raw/bo/reads.bam"]}
KINDS = {
    "calls of evaluate": RUN / "calls.vcf.gz",
    "calls of predict": RESULTS / "predict/bo.vcf.gz",
    "predictions": RUN / "predictions.parquet",
    "scored items": RUN / "items.parquet",
    "metrics": RUN / "metrics.json",
    "curves": RUN / "curves.json",
    "calibration": RUN / "calibration.json",
    "checkpoint": RUN / "checkpoint.ckpt",
    "shard": RESULTS / "dataset/train-00000.parquet",
    "manifest": RESULTS / "dataset/manifest.json",
    "report": RESULTS / "report.html",
}
OF_ONE_SAMPLE = {
    "part": RESULTS / "examples/ada.0.parquet",
    "read report": RESULTS / "reads/ada.report.json",
    "alignments": RESULTS / "reads/ada.bam",
}


def spoil(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def sources(path: Path) -> dict[str, set[str]]:
    """Digests that a file's lineage ends in, by kind."""
    found: dict[str, set[str]] = {}
    for node in read_lineage(path).walk():
        if not node.parents:
            found.setdefault(node.kind, set()).add(node.digest)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_what_hangs_on_the_dataset_leads_to_everything_that_came_in(kind, study):
    found = sources(KINDS[kind])
    assert found["reads"] == {sha256_file(path) for files in READS.values() for path in files}
    assert found["truth"] == {sha256_file(f"raw/{name}/truth.vcf.gz") for name in READS}
    assert found["confident"] == {sha256_file(f"raw/{name}/confident.bed") for name in READS}
    with Reference("raw/reference.fa") as reference:
        assert found["reference"] == {reference.checksum}


@pytest.mark.parametrize("kind", OF_ONE_SAMPLE)
def test_what_belongs_to_a_sample_leads_to_its_reads(kind, study):
    assert sources(OF_ONE_SAMPLE[kind])["reads"] == {sha256_file(path) for path in READS["ada"]}


@pytest.mark.parametrize("kind", KINDS | OF_ONE_SAMPLE)
def test_untouched_files_are_the_same(kind, study, call):
    code, printed, _ = call("trace", (KINDS | OF_ONE_SAMPLE)[kind], "--verify")
    assert code == 0, printed
    assert printed.endswith(" same, 0 changed, 0 missing\n")


def test_the_commands_of_every_step_are_told(study):
    steps = {node.step.command.split()[1] for node in read_lineage(KINDS["report"]).walk() if node.step}
    assert steps == {"reads", "examples", "collect", "train", "evaluate", "compare"}
    made = next(node for node in read_lineage(KINDS["report"]).walk() if node.kind == "checkpoint")
    assert made.step.command.startswith(
        "seqmill train experiment=scalars seed=1 dataset.manifest=results/tiny"
    )
    assert len(made.step.commit.partition("+")[0]) in (40, len("unknown"))


def test_parts_and_shards_hold_no_place_of_this_machine(study):
    for path in (RESULTS / "examples/ada.0.parquet", RESULTS / "dataset/train-00000.parquet"):
        assert str(study).encode() not in path.read_bytes()
        assert b"raw/ada" not in path.read_bytes()


@pytest.mark.parametrize(
    "changed",
    ["raw/ada/reads_R2.fastq.gz", "raw/bo/truth.vcf.gz", "raw/reference.fa", str(RUN / "checkpoint.ckpt")],
)
def test_one_changed_byte_of_an_input_is_named(changed, study, call):
    before = sha256_file(changed)
    spoil(Path(changed))
    code, printed, said = call("trace", KINDS["metrics"], "--verify")
    assert code == 1
    assert "1 changed, 0 missing\n" in printed
    lines = [line for line in said.splitlines() if " changed: " in line]
    assert len(lines) == 1 and lines[0].startswith(f"{changed}: ")
    if "raw/ada" in changed:
        assert lines[0] == (
            f"{changed}: reads changed: sha256 {before} expected, {sha256_file(changed)} found"
        )


def test_a_changed_shard_changes_the_dataset(study, call):
    spoil(RESULTS / "dataset/train-00000.parquet")
    code, _, said = call("trace", KINDS["metrics"], "--verify")
    assert code == 1
    assert "results/tiny/dataset/manifest.json: dataset changed" in said
    assert "train-00000.parquet" in said


def test_a_changed_number_in_the_metrics_is_found(study, call):
    path = KINDS["metrics"]
    path.write_text(path.read_text().replace('"seed": 1', '"seed": 7'))
    code, _, said = call("trace", path, "--verify")
    assert code == 1 and f"{path}: metrics changed: digest of content" in said


def test_what_is_gone_is_missing_and_no_error(study, call):
    shutil.rmtree("raw")
    shutil.rmtree(RESULTS / "dataset")
    code, printed, _ = call("trace", KINDS["report"], "--verify")
    assert code == 0
    assert "reads_R1.fastq.gz  reads of ada" in printed
    assert " 0 changed, 9 missing\n" in printed


def test_a_moved_study_is_found_again(study, call, monkeypatch):
    moved = study.rename(study.with_name("elsewhere"))
    monkeypatch.chdir(moved.parent)
    code, printed, _ = call("trace", moved / KINDS["predictions"], "--verify")
    assert code == 0 and printed.endswith(" same, 0 changed, 0 missing\n")


def test_json_holds_whole_digests(study, call):
    _, printed, _ = call("trace", KINDS["calls of predict"], "--verify", "--json")
    told = json.loads(printed)
    assert told["file"] == str(KINDS["calls of predict"])
    assert {one["status"] for one in told["verified"]} == {"same"}
    reads = [node for node in told["nodes"] if node["kind"] == "reads"]
    assert {node["digest"] for node in reads} >= {sha256_file(path) for path in READS["ada"]}
    assert {node["path"] for node in reads} >= {"raw/ada/reads_R1.fastq.gz"}


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("absent.vcf", "absent.vcf: no such file"),
        ("results", "results: a folder; name a file in it"),
        ("simulate.yaml", "simulate.yaml: no kind of file that tells its lineage"),
        ("raw/ada/truth.vcf.gz", "holds no lineage; it was written by another program"),
        (
            str(RUN / "train.json"),
            "holds no lineage itself; trace results/tiny/runs/scalars/seed-1/checkpoint",
        ),
        ("raw/bo/reads.bam", "there is no reads.report.json beside them"),
    ],
)
def test_what_cannot_be_traced(file, words, study, call):
    code, _, said = call("trace", file)
    assert code == 2
    assert f"error: {file}" in said and words in said
