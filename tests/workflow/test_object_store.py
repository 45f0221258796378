"""Inputs in an object store and on a web server, both started here, held against the same files on disk."""

import os
import shlex
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import boto3
import pytest
import yaml
from moto.server import ThreadedMotoServer

from seqmill.lineage.read import read_lineage
from seqmill.lineage.tree import draw_tree
from seqmill.shards.manifest import Manifest
from seqmill.simulate.build import simulate
from seqmill.simulate.plan import load_plan
from tests.workflow.conftest import ROOT, call_snakemake, job_counts

pytestmark = pytest.mark.slow

CONFIG = "config/tiny/config.yaml"
MANIFEST = "results/tiny/dataset/manifest.json"
COLUMNS = ("sample", "lane", "fastq_1", "fastq_2", "alignments", "truth", "confident", "condition")
CONTIGS = {"ada": "a", "bo": "b", "cy": "c"}
READS = {
    "ada": {"alignments": "reads.bam"},
    "bo": {"alignments": "reads.cram"},
    "cy": {"fastq_1": "reads_R1.fastq.gz", "fastq_2": "reads_R2.fastq.gz"},
}
DELIVERY = {"ada": "bam", "bo": "cram", "cy": "fastq"}
BUCKET = "s3://reads"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of reads, labels and an indexed reference."""
    folder = tmp_path_factory.mktemp("files")
    plan = folder / "plan.yaml"
    content = {
        "seed": 3,
        "contigs": {name: {"random": 6000} for name in CONTIGS.values()},
        "samples": {
            name: {"contigs": [contig], "depth": 12, "delivery": DELIVERY[name]}
            for name, contig in CONTIGS.items()
        },
    }
    plan.write_text(yaml.safe_dump(content))
    simulate(load_plan(plan), folder)
    return folder


@pytest.fixture(scope="module")
def bucket(files: Path) -> Iterator[None]:
    """An S3 server with all files in a bucket; address and key stand in the environment."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SNAKEMAKE_STORAGE_S3_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "somebody")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET.removeprefix("s3://"))
        for path in files.rglob("*"):
            if path.is_file():
                client.upload_file(str(path), BUCKET.removeprefix("s3://"), str(path.relative_to(files)))
        yield
    server.stop()


@pytest.fixture(scope="module")
def web(files: Path) -> Iterator[str]:
    """A web server of the same files; gives its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(files)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def write_config(folder: Path, *, reads: dict[str, str], labels: str, reference: str) -> None:
    """Write a configuration whose files lie below these paths or addresses."""
    config = folder / "config" / "tiny"
    config.mkdir(parents=True)
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    rows = ["\t".join(COLUMNS)]
    for sample, named in READS.items():
        row = {key: f"{reads[sample]}/{sample}/{name}" for key, name in named.items()}
        row |= {"truth": f"{labels}/{sample}/truth.vcf.gz", "confident": f"{labels}/{sample}/confident.bed"}
        row |= {"sample": sample, "condition": "x"}
        rows.append("\t".join(row.get(column, "") for column in COLUMNS))
    (config / "samples.tsv").write_text("\n".join(rows) + "\n")
    (config / "experiments.tsv").write_text("experiment\tseed\nscalars\t1\n")
    content = {
        "dataset": "tiny",
        "application": "small_variants",
        "reference": f"{reference}/reference.fa",
        "samples": "config/tiny/samples.tsv",
        "experiments": "config/tiny/experiments.tsv",
        "splits": {
            split: {"samples": [sample], "contigs": [contig]}
            for split, (sample, contig) in zip(("train", "validation", "test"), CONTIGS.items(), strict=True)
        },
        "aligner": "mappy",
    }
    (folder / CONFIG).write_text(yaml.safe_dump(content))


@pytest.fixture(scope="module")
def from_disk(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disk")
    where = str(files)
    write_config(folder, reads=dict.fromkeys(READS, where), labels=where, reference=where)
    call_snakemake(folder, "--cores", "2", MANIFEST, config=CONFIG)
    return folder


@pytest.fixture(scope="module")
def from_stores(bucket: None, web: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same from addresses; one step is a submitted job that has neither key nor way to the store."""
    folder = tmp_path_factory.mktemp("stores")
    write_config(folder, reads={"ada": BUCKET, "bo": BUCKET, "cy": web}, labels=web, reference=BUCKET)
    planned = call_snakemake(folder, "-n", MANIFEST, config=CONFIG)
    assert job_counts(planned) == {"plan": 4, "reads": 3, "examples": 3, "collect": 1}
    assert [path.name for path in (folder / ".snakemake" / "storage").rglob("*.fai")] == ["reference.fa.fai"]
    assert not list(folder.rglob("*.bam"))
    unset = " ".join(f"-u {name}" for name in os.environ if name.startswith(("AWS_", "SNAKEMAKE_STORAGE_")))
    submit = folder / "submit.sh"
    submit.write_text(f'env {unset} sh "$1" > {shlex.quote(str(folder))}/job.log 2>&1 || exit 1\necho 1\n')
    submitted = [
        "--executor",
        "cluster-generic",
        "--cluster-generic-submit-cmd",
        f"sh {submit}",
        "--jobs",
        "1",
    ]
    call_snakemake(folder, *submitted, "results/tiny/reads/bo.bam", config=CONFIG)
    assert "rule reads" in (folder / "job.log").read_text()
    said = call_snakemake(folder, "--cores", "2", MANIFEST, config=CONFIG)
    assert job_counts(said)["reads"] == 2
    return folder


def test_the_dataset_is_the_one_of_the_same_files_on_disk(from_disk, from_stores):
    expected = Manifest.read(from_disk / MANIFEST)
    found = Manifest.read(from_stores / MANIFEST)
    assert expected.rows("train") > 0
    assert found.digest == expected.digest


def test_nothing_is_done_twice(from_stores):
    assert "Nothing to be done" in call_snakemake(from_stores, "-n", MANIFEST, config=CONFIG)


def test_the_trace_names_addresses_and_says_that_no_file_of_disk_has_one(from_disk, from_stores, web):
    drawn = draw_tree(read_lineage(from_stores / MANIFEST))
    for address in (
        f"{BUCKET}/reference.fa",
        f"{BUCKET}/ada/reads.bam",
        f"{BUCKET}/bo/reads.cram",
        f"{web}/cy/reads_R2.fastq.gz",
        f"{web}/ada/truth.vcf.gz",
    ):
        assert f"  from {address}\n" in drawn
    assert "  from " not in draw_tree(read_lineage(from_disk / MANIFEST))


def test_an_object_that_is_not_there_is_named_before_any_job(from_stores, tmp_path):
    write_config(tmp_path, reads=dict.fromkeys(READS, f"{BUCKET}/lost"), labels=BUCKET, reference=BUCKET)
    said = call_snakemake(tmp_path, "-n", MANIFEST, config=CONFIG, fails=True)
    assert "Missing input files for rule reads" in said
    assert f"{BUCKET}/lost/ada/reads.bam" in said


def test_a_reference_without_index_beside_it_is_a_mistake_of_the_configuration(from_stores, tmp_path):
    write_config(tmp_path, reads=dict.fromkeys(READS, BUCKET), labels=BUCKET, reference=f"{BUCKET}/lost")
    said = call_snakemake(tmp_path, "-n", MANIFEST, config=CONFIG, fails=True)
    assert f"reference: found no {BUCKET}/lost/reference.fa.fai" in said
    assert "Traceback" not in said
