"""Delivered files that name persons in every place they can; nothing that the workflow writes does."""

import gzip
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pysam
import pytest

from seqmill.privacy.keys import VARIABLE, Key
from seqmill.privacy.pseudonyms import pseudonym
from tests.workflow.conftest import ROOT, call_snakemake

SECRET = "5e" * 32
PERSONS = {"JonathanDoe": "ada", "MaryMajor": "dee", "RichardRoe": "eve"}
IDENTIFIERS = ["# of the cohort", *PERSONS, "MRN-4471902", "Mercy Hospital", "FLOWCELL77"]
CONFIG = """
dataset: cohort
application: small_variants
reference: incoming/reference.fa
samples: samples.tsv
experiments: experiments.tsv
splits:
  train: { samples: [JonathanDoe], contigs: [c1] }
  validation: { samples: [MaryMajor], contigs: [c2] }
  test: { samples: [RichardRoe], contigs: [c3] }
depths: { JonathanDoe: [full] }
aligner: mappy
baselines: [bcftools]
evaluation: { replicates: 20 }
predict: [MaryMajor]
privacy:
  pseudonyms: true
  encrypt: true
  identifiers: identifiers.txt
  consent: { research: [train, validation, test, predict, method], test_only: [test, method] }
  uses: [method]
"""
PLAN = """
seed: 11
contigs: { c1: { random: 20000 }, c2: { random: 15000 }, c3: { random: 15000 } }
samples:
  ada: { contigs: [c1], depth: 12 }
  dee: { contigs: [c2], depth: 12, delivery: bam }
  eve: { contigs: [c3], depth: 12, delivery: cram }
"""
SHEET = (
    "sample\tfastq_1\tfastq_2\talignments\ttruth\tconfident\tcondition\tconsent\n"
    "JonathanDoe\tincoming/JonathanDoe_R1.fastq.gz\tincoming/JonathanDoe_R2.fastq.gz\t"
    "\tincoming/JonathanDoe.truth.vcf.gz\tincoming/JonathanDoe.bed\tclean\tresearch\n"
    "MaryMajor\t\t\tincoming/MaryMajor.bam\tincoming/MaryMajor.truth.vcf.gz\tincoming/MaryMajor.bed\tclean\tresearch\n"
    "RichardRoe\t\t\tincoming/RichardRoe.cram\tincoming/RichardRoe.truth.vcf.gz\tincoming/RichardRoe.bed\tclean\ttest_only\n"
)

pytestmark = pytest.mark.slow


def deliver_fastq(source: Path, target: Path, person: str) -> None:
    with gzip.open(source, "rt") as lines, gzip.open(target, "wt", compresslevel=1) as out:
        for number, line in enumerate(lines):
            out.write(f"@FLOWCELL77:{person}:{line[1:]}" if number % 4 == 0 else line)


def deliver_alignments(source: Path, target: Path, person: str, reference: Path) -> None:
    mode = "wc" if target.suffix == ".cram" else "wb"
    with pysam.AlignmentFile(str(source), reference_filename=str(reference)) as reads:
        header = reads.header.to_dict()
        header["CO"] = [f"patient {person}, MRN-4471902"]
        header["RG"] = [{"ID": f"{person}.L1", "SM": person, "LB": "Mercy Hospital", "DS": "MRN-4471902"}]
        header["PG"] = [{"ID": "bwa", "PN": "bwa", "VN": "0.7", "CL": f"bwa mem /clinic/{person}.fq"}]
        with pysam.AlignmentFile(str(target), mode, header=header, reference_filename=str(reference)) as out:
            for read in reads:
                read.query_name = f"FLOWCELL77:{person}:{read.query_name}"
                read.set_tag("RG", f"{person}.L1")
                read.set_tag("CO", "MRN-4471902")
                out.write(read)


def deliver_variants(source: Path, target: Path, person: str) -> None:
    with gzip.open(source, "rt") as lines, gzip.open(target, "wt") as out:
        for line in lines:
            if line.startswith("#CHROM"):
                out.write(f"##bcftools_callCommand=call /clinic/{person}.bam\n##source=Mercy Hospital\n")
                line = "\t".join([*line.rstrip().split("\t")[:9], person]) + "\n"
            out.write(line)


def deliver(folder: Path) -> None:
    """Write what a hospital delivers: each file names its person, inside and by its own name."""
    (folder / "plan.yaml").write_text(PLAN)
    made, incoming = folder / "made", folder / "incoming"
    subprocess.run(
        [sys.executable, "-m", "seqmill.cli.main", "simulate", "plan.yaml", "--output", "made"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    incoming.mkdir()
    reference = incoming / "reference.fa"
    (made / "reference.fa").rename(reference)
    for person, name in PERSONS.items():
        deliver_variants(made / name / "truth.vcf.gz", incoming / f"{person}.truth.vcf.gz", person)
        (made / name / "confident.bed").rename(incoming / f"{person}.bed")
        for mate in ("R1", "R2"):
            if (made / name / f"reads_{mate}.fastq.gz").is_file():
                deliver_fastq(
                    made / name / f"reads_{mate}.fastq.gz", incoming / f"{person}_{mate}.fastq.gz", person
                )
        for kind in ("bam", "cram"):
            if (made / name / f"reads.{kind}").is_file():
                deliver_alignments(
                    made / name / f"reads.{kind}", incoming / f"{person}.{kind}", person, reference
                )


@pytest.fixture(scope="module")
def workdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cohort")
    deliver(folder)
    (folder / "config").mkdir()
    (folder / "config" / "hydra").symlink_to(ROOT / "config" / "hydra")
    (folder / "config.yaml").write_text(CONFIG)
    (folder / "samples.tsv").write_text(SHEET)
    (folder / "experiments.tsv").write_text("experiment\tseed\toverrides\nscalars\t1\ttrainer.epochs=1\n")
    (folder / "identifiers.txt").write_text("\n".join(IDENTIFIERS) + "\n")
    return folder


@pytest.fixture(scope="module")
def results(workdir: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, SECRET)
        call_snakemake(workdir, "--cores", "1", config="config.yaml")
    return workdir / "results" / "cohort"


def scan(workdir: Path, *paths: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "seqmill.cli.main", "scan", "--identifiers", "identifiers.txt", *paths],
        cwd=workdir,
        capture_output=True,
        text=True,
        env={**os.environ, VARIABLE: SECRET},
    )


def test_the_scan_at_the_end_found_nothing_in_anything_written(results):
    told = json.loads((results / "scan.json").read_text())
    assert told["identifiers"] == len(IDENTIFIERS) - 1
    assert told["files"] >= len([path for path in results.rglob("*") if path.is_file()]) - 2


def test_the_same_scan_finds_every_person_in_what_was_delivered(workdir, results):
    done = scan(workdir, "incoming")
    assert done.returncode == 2
    for number in range(2, len(IDENTIFIERS) + 1):
        assert f"line {number} (" in done.stderr
    for identifier in IDENTIFIERS[1:]:
        assert identifier.lower() not in done.stderr.lower()


def test_samples_have_pseudonyms_by_the_key_alone(results):
    wanted = {pseudonym(Key(bytes.fromhex(SECRET)), person) for person in PERSONS}
    manifest = json.loads((results / "dataset" / "manifest.json").read_text())
    assert {name for split in manifest["splits"].values() for name in split["samples"]} == wanted
    assert {path.name.partition(".")[0] for path in (results / "reads").glob("*.bam")} == wanted


def test_the_manifest_tells_consent(results):
    context = json.loads((results / "dataset" / "manifest.json").read_text())["context"]
    assert context["privacy"]["consent"]["test_only"] == ["test", "method"]
    assert sorted(facts["consent"] for facts in context["samples"].values()) == [
        "research",
        "research",
        "test_only",
    ]


def test_shards_and_parts_cannot_be_read_without_the_key(results):
    files = [*(results / "dataset").glob("*.parquet"), *(results / "examples").glob("*.parquet")]
    assert len(files) >= 6
    for path in files:
        with pytest.raises(OSError, match="encrypted"):
            pq.ParquetFile(path)


def test_the_key_is_written_nowhere(workdir, results):
    (workdir / "key.txt").write_text(f"{SECRET}\n{SECRET[:32]}\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "seqmill.cli.main",
            "scan",
            "--identifiers",
            "key.txt",
            "results",
            ".snakemake",
        ],
        cwd=workdir,
        capture_output=True,
        text=True,
        env={**os.environ, VARIABLE: SECRET},
    )
    assert done.returncode == 0, done.stderr


def test_files_are_for_their_owner_alone(results):
    shared = [
        str(path)
        for path in [results, *results.rglob("*")]
        if not path.is_symlink() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    assert not shared


def test_use_without_consent_is_refused_before_anything_runs(workdir):
    text = CONFIG.replace("predict: [MaryMajor]", "predict: [RichardRoe]").replace("cohort", "other")
    (workdir / "other.yaml").write_text(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, SECRET)
        printed = call_snakemake(workdir, "--cores", "1", config="other.yaml", fails=True)
    assert "sample 'RichardRoe': consent class 'test_only' allows test, method, but predict" in printed
    assert not (workdir / "results" / "other").exists()


def test_without_a_key_nothing_runs(workdir):
    (workdir / "other.yaml").write_text(CONFIG.replace("cohort", "other"))
    printed = call_snakemake(workdir, "--cores", "1", config="other.yaml", fails=True)
    assert "privacy: no key found; wanted 64 hexadecimal digits" in printed and VARIABLE in printed
    assert not (workdir / "results" / "other").exists()
