"""A run made again: identical here, and every difference named before anything is trained."""

import gzip
import json
import shutil
from pathlib import Path

import pytest
import torch

from seqmill.files import sha256_file
from seqmill.lineage import reproduce as stage
from seqmill.tracking.store import connect

pytestmark = pytest.mark.slow

RESULTS = Path("results/tiny")
RUN = RESULTS / "runs/scalars/seed-1"
STORE = f"sqlite:///{RESULTS}/mlflow.db"


def contents(folder: Path) -> dict[str, str]:
    return {str(path): sha256_file(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def tell(run: Path, **facts) -> None:
    """Change what the checkpoint of a run says of itself."""
    content = torch.load(run / "checkpoint.ckpt", weights_only=True)
    content["seqmill"] |= facts
    torch.save(content, run / "checkpoint.ckpt")


def run_id() -> str:
    return json.loads((RUN / "train.json").read_text())["run_id"]


def test_a_run_is_made_again_bit_for_bit_and_left_alone(study, call):
    before = contents(RESULTS / "runs") | contents(Path("raw")) | contents(RESULTS / "dataset")
    code, printed, said = call("reproduce", RUN, "--output-dir", "again")
    assert code == 0, said
    assert printed.splitlines()[0].startswith("weights      identical, ")
    assert printed.splitlines()[1].startswith("predictions  identical, ")
    assert printed.endswith("\nverdict: identical\n")
    assert "different" not in printed + said
    assert contents(RESULTS / "runs") | contents(Path("raw")) | contents(RESULTS / "dataset") == before
    told = json.loads(Path("again/reproduction.json").read_text())
    assert told["verdict"] == "identical" and told["run"] == run_id()
    assert {row["seeds"] for row in told["metrics"]} == {2}
    made = [one for one in tracked() if one.data.tags.get("reproduces")]
    assert [one.data.tags["reproduces"] for one in made] == [run_id()]
    assert made[0].info.status == "FINISHED" and len(tracked()) == 3
    code, _, said = call("reproduce", RUN, "--output-dir", "again")
    assert code == 2 and "again: holds a finished reproduction" in said


def tracked():
    client = connect(STORE)
    return client.search_runs([one.experiment_id for one in client.search_experiments()])


def test_a_run_is_found_by_its_id_when_its_folder_is_gone(study, call):
    identity = run_id()
    shutil.rmtree(RUN)
    code, printed, said = call("reproduce", identity, "--tracking-uri", STORE, "--output-dir", "again")
    assert code == 0, said
    assert printed.endswith("verdict: identical\n") and "(2 seeds)" in printed
    assert not RUN.exists()


def test_one_changed_read_is_named_before_any_training(study, call, monkeypatch):
    monkeypatch.setattr(stage, "train", None)
    path = Path("raw/ada/reads_R1.fastq.gz")
    before = sha256_file(path)
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    lines[1] = (b"C" if lines[1][:1] == b"A" else b"A") + lines[1][1:]
    path.write_bytes(gzip.compress(b"".join(lines)))
    code, printed, said = call("reproduce", RUN, "--output-dir", "again")
    assert code == 1
    verdict = "verdict: inputs changed; nothing was trained. Restore them, or train --anyway\n"
    assert printed == f"changed      reads {path}\n{verdict}"
    assert f"different  reads {path}: sha256 {before} expected, sha256 {sha256_file(path)} found\n" in said
    assert [line for line in said.splitlines() if line.startswith("different  reads")] == [
        f"different  reads {path}: sha256 {before} expected, sha256 {sha256_file(path)} found"
    ]
    assert json.loads(Path("again/findings.json").read_text())["verdict"] == "inputs changed"


def test_other_code_and_packages_are_named_and_no_hindrance(study, call):
    facts = torch.load(RUN / "checkpoint.ckpt", weights_only=True)["seqmill"]["environment"]
    version = next(line for line in facts["packages"].splitlines() if line.startswith("numpy=="))
    packages = facts["packages"].replace(version, "numpy==1.0.0")
    tell(RUN, environment=facts | {"packages": packages, "commit": "c" * 40})
    code, printed, said = call("reproduce", RUN, "--output-dir", "again")
    assert code == 0 and "verdict: identical" in printed
    assert f"different  package numpy: 1.0.0 expected, {version.removeprefix('numpy==')} found\n" in said
    assert f"different  code: {'c' * 40} expected, " in said


@pytest.mark.parametrize(("shift", "verdict", "code"), [(0.01, "equal within", 0), (5.0, "different", 1)])
def test_another_result_is_judged_by_the_seeds(study, call, shift, verdict, code):
    content = json.loads((RUN / "metrics.json").read_text())
    other = json.loads((RUN.with_name("seed-2") / "metrics.json").read_text())
    for row, beside in zip(content["metrics"], other["metrics"], strict=True):
        if row["primary"]:
            beside["value"] = row["value"] + 0.1
            row["value"] += shift
    (RUN / "metrics.json").write_text(json.dumps(content))
    (RUN.with_name("seed-2") / "metrics.json").write_text(json.dumps(other))
    checkpoint = torch.load(RUN / "checkpoint.ckpt", weights_only=True)
    name = next(iter(checkpoint["state_dict"]))
    checkpoint["state_dict"][name] += 1
    checkpoint["seqmill"]["weights_digest"] = ""
    torch.save(checkpoint, RUN / "checkpoint.ckpt")
    found, printed, _ = call("reproduce", RUN, "--output-dir", "again")
    assert found == code
    assert f"verdict: {verdict}" in printed
    assert printed.startswith("weights      different, ")
    assert "f1.allele.overall" in printed


def test_a_missing_dataset_is_named_with_the_commands_that_make_it(study, call):
    shutil.rmtree(RESULTS / "dataset")
    code, _, said = call("reproduce", RUN, "--output-dir", "again")
    assert code == 2
    commands = said[said.index("recorded commands:") :].splitlines()[1:]
    assert [line.split()[1] for line in commands] == ["reads", "examples", "reads", "examples", "collect"]


def test_a_spoilt_checkpoint_and_a_folder_without_one_are_refused(study, call):
    tell(RUN, weights_digest="0" * 64)
    code, _, said = call("reproduce", RUN)
    assert code == 1 and f"different  checkpoint {RUN}/checkpoint.ckpt: weights {'0' * 64} expected" in said
    assert call("reproduce", "raw")[0] == 2
    code, _, said = call("reproduce", "f" * 32)
    assert code == 2 and "give its store too" in said
    code, _, said = call("reproduce", "f" * 32, "--tracking-uri", STORE)
    assert code == 2 and "no run of sqlite" in said


def test_the_recorded_run_is_never_written_to(study, call):
    code, _, said = call("reproduce", RUN, "--output-dir", RUN)
    assert code == 2 and "belongs to the recorded run" in said


def test_changed_labels_hold_nothing_up_when_asked(study, call):
    path = Path("raw/bo/confident.bed")
    path.write_text(path.read_text() + "c\t0\t1\n")
    assert call("reproduce", RUN, "--output-dir", "first")[0] == 1
    _, printed, said = call("reproduce", RUN, "--output-dir", "again", "--anyway")
    assert f"different  confident {path}: " in said
    assert printed.startswith("weights      identical, ") and "verdict: " in printed
