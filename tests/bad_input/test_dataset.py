"""Shards that were changed, and disks that are full while they are written."""

import json
import os
import resource
import shutil
import subprocess

import pytest

from seqmill.applications.small_variants.spec import Options
from tests.bad_input.conftest import write_part


def collect(world, output, *, part="ada.0.parquet", plan="plan.json"):
    inputs = ["--part", world[part], "--plan", world[plan], "--read-report", world["ada.json"]]
    return ["collect", *inputs, "--output-dir", output]


@pytest.fixture
def dataset(call, spoilt, world):
    """A dataset of its own for each test."""
    code, printed = call(*collect(world, spoilt / "dataset"))
    assert code == 0, printed
    return spoilt / "dataset"


def append(path):
    path.write_bytes(path.read_bytes() + b"x")


def flip(path):
    content = bytearray(path.read_bytes())
    content[300] ^= 1
    path.write_bytes(content)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


CHANGES = {
    "a byte more": (
        lambda folder: append(folder / "train-00000.parquet"),
        (
            "train-00000.parquet: ",
            "bytes found",
            "bytes wanted; the shard was changed",
            "build the dataset again",
        ),
    ),
    "a byte flipped": (
        lambda folder: flip(folder / "train-00000.parquet"),
        ("train-00000.parquet: sha256 ", " wanted; the shard was changed", "build the dataset again"),
    ),
    "another shard in its place": (
        lambda folder: shutil.copy(folder / "test-00000.parquet", folder / "train-00000.parquet"),
        ("train-00000.parquet: ", " wanted; the shard was changed"),
    ),
    "shard missing": (
        lambda folder: (folder / "validation-00000.parquet").unlink(),
        ("validation-00000.parquet: no such file, but ", "manifest.json lists it"),
    ),
    "manifest edited": (
        lambda folder: edit(folder / "manifest.json", '"content": "', '"content": "0'),
        ("manifest.json: dataset digest ", "the manifest was edited"),
    ),
    "manifest cut off": (
        lambda folder: (folder / "manifest.json").write_text('{"shards": ['),
        ("manifest.json: whole JSON wanted",),
    ),
    "manifest missing": (
        lambda folder: (folder / "manifest.json").unlink(),
        ("manifest.json: a dataset manifest wanted", "build the dataset first"),
    ),
}


@pytest.mark.parametrize(("change", "said"), CHANGES.values(), ids=CHANGES)
def test_training_and_scoring_refuse_a_dataset_that_was_changed(refused, dataset, world, change, said):
    change(dataset)
    manifest = dataset / "manifest.json"
    refused(
        ["evaluate", "--baseline", "bcftools", "--manifest", manifest, "--plan", world["plan.json"],
         "--alignments", f"ada={world['ada.bam']}", "--output-dir", "baseline"],
        *said,
    )  # fmt: skip


@pytest.mark.parametrize("plan", ["ada.bam", "ada.json", "confident.bed"])
def test_a_plan_that_is_none(refused, dataset, world, plan):
    refused(
        ["evaluate", "--baseline", "bcftools", "--manifest", dataset / "manifest.json", "--plan", world[plan],
         "--alignments", f"ada={world['ada.bam']}", "--output-dir", "baseline"],
        f"{world[plan]}: ",
    )  # fmt: skip


def test_parts_of_another_encoding(refused, spoilt, world):
    plan = {**world.plan, "options": {"columns": 33}}
    (spoilt / "plan.json").write_text(json.dumps(plan))
    refused(
        ["collect", "--part", world["ada.0.parquet"], "--plan", "plan.json", "--output-dir", "dataset"],
        "ada.0.parquet: another encoding",
        "options.columns: 41 found, 33 wanted",
    )


def test_a_split_without_examples(refused, spoilt, world):
    plan = world.plan
    plan["splits"]["test"]["contigs"] = ["chr9"]
    (spoilt / "plan.json").write_text(json.dumps(plan))
    refused(
        ["collect", "--part", world["ada.0.parquet"], "--plan", "plan.json", "--output-dir", "dataset"],
        "examples of sample ada on contig chr3 are in split 'test'",
    )


@pytest.fixture
def full_disk(spoilt):
    """A folder on a disk of 256 KB; where none can be mounted, files may not grow beyond that."""
    folder = spoilt / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)]
    if os.geteuid() == 0 and not subprocess.run(mount, capture_output=True, check=False).returncode:
        yield folder
        subprocess.run(["umount", str(folder)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 10, hard))
    yield folder
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_while_shards_are_written(refused, full_disk, world, tmp_path_factory):
    part = tmp_path_factory.mktemp("parts") / "large.parquet"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits[1], limits[1]))
    write_part(part, Options(), rows=200)
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    refused(
        ["collect", "--part", part, "--plan", world["plan.json"], "--output-dir", full_disk],
        f"{full_disk}: cannot be written (",
        "nothing was left in its place. Make room",
    )
