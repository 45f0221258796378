"""One small sound delivery, and a command line that has to refuse what is spoilt of it."""

import gzip
import json
import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pysam
import pytest

from seqmill.applications.small_variants.spec import Options, encoding
from seqmill.cli.main import main
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import arrow_schema

CONTIGS = {"chr1": 3000, "chr2": 2000, "chr3": 2000}
SPLITS = dict(zip(("train", "validation", "test"), CONTIGS, strict=True))
READ, PAIRS = 100, 60
PLAN = {
    "dataset": "tiny",
    "application": "small_variants",
    "options": {},
    "splits": {split: {"samples": ["ada"], "contigs": [contig]} for split, contig in SPLITS.items()},
    "seed": 1,
    "region_batch": 100_000,
    "depths": {"ada": ["full"]},
    "evaluation": {"replicates": 50},
}


@dataclass(frozen=True)
class World:
    """Files without a fault: reference, FASTQ, BAM, CRAM, truth, confident regions, plan, report, parts."""

    folder: Path

    def __getitem__(self, name: str) -> Path:
        return self.folder / name

    @property
    def plan(self) -> dict:
        return json.loads(self["plan.json"].read_text())


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("sound")
    made = World(folder)
    draw = random.Random(5)
    bases = {name: "".join(draw.choices("ACGT", k=length)) for name, length in CONTIGS.items()}
    other = {name: "".join(draw.choices("ACGT", k=length)) for name, length in CONTIGS.items()}
    write_fasta(made["reference.fa"], bases)
    write_fasta(made["other_build.fa"], other)
    write_fasta(made["no_prefix.fa"], {name[3:]: sequence for name, sequence in bases.items()})
    places = sorted(
        (number, draw.randrange(length - READ))
        for number, length in enumerate(CONTIGS.values())
        for _ in range(PAIRS)
    )
    reads = [(number, start, bases[list(CONTIGS)[number]][start : start + READ]) for number, start in places]
    write_bam(made["ada.bam"], reads)
    pysam.index(str(made["ada.bam"]))
    pysam.view(
        "-C", "-T", str(made["reference.fa"]), "-o", str(made["ada.cram"]), str(made["ada.bam"]),
        catch_stdout=False,
    )  # fmt: skip
    for mate in (1, 2):
        write_fastq(made[f"R{mate}.fq.gz"], fastq(reads))
    write_truth(made["truth.vcf"], bases)
    made["confident.bed"].write_text("".join(f"{name}\t0\t{size}\n" for name, size in CONTIGS.items()))
    report = {"sample": "ada", "mean_depth": 3.0, "inputs": [{"name": "ada.bam", "sha256": "ab"}]}
    made["ada.json"].write_text(json.dumps(report))
    labels = {"truth": str(made["truth.vcf"]), "confident": str(made["confident.bed"]), "condition": "clean"}
    plan = {**PLAN, "reference": str(made["reference.fa"]), "samples": {"ada": labels}}
    made["plan.json"].write_text(json.dumps(plan))
    write_part(made["ada.0.parquet"], Options())
    return made


def write_fasta(path: Path, contigs: dict[str, str]) -> None:
    path.write_text("".join(f">{name}\n{bases}\n" for name, bases in contigs.items()))
    pysam.faidx(str(path))


def write_bam(path: Path, reads: list[tuple[int, int, str]], *, order: str | None = "coordinate") -> None:
    """Write a duplicate-marked BAM of single reads (contig number, start, bases)."""
    header = {
        "HD": {"VN": "1.6", **({"SO": order} if order else {})},
        "SQ": [{"SN": name, "LN": length} for name, length in CONTIGS.items()],
        "RG": [{"ID": "1", "SM": "ada"}],
        "PG": [{"ID": "markdup", "PN": "samtools"}],
    }
    with pysam.AlignmentFile(str(path), "wb", header=header) as handle:
        for number, (contig, start, bases) in enumerate(reads):
            read = pysam.AlignedSegment(handle.header)
            read.query_name, read.reference_id, read.reference_start = f"r{number}", contig, start
            read.mapping_quality, read.cigarstring, read.query_sequence = 60, f"{READ}M", bases
            read.query_qualities = pysam.qualitystring_to_array("I" * READ)
            read.set_tag("RG", "1")
            handle.write(read)


def read_bam(path: Path) -> list[tuple[int, int, str]]:
    with pysam.AlignmentFile(str(path)) as handle:
        return [(read.reference_id, read.reference_start, read.query_sequence) for read in handle]


def fastq(reads: list[tuple[int, int, str]]) -> list[str]:
    return [
        line for number, (_, _, bases) in enumerate(reads) for line in (f"@r{number}", bases, "+", "I" * READ)
    ]


def write_fastq(path: Path, lines: list[str]) -> None:
    with gzip.open(path, "wt") as handle:
        handle.writelines(f"{line}\n" for line in lines)


def write_truth(path: Path, bases: dict[str, str]) -> None:
    """Write five SNPs a contig."""
    rows = [
        f"{name}\t{at + 1}\t.\t{sequence[at]}\t{'ACGT'['ACGT'.index(sequence[at]) - 1]}\t.\tPASS\t.\tGT\t0/1"
        for name, sequence in bases.items()
        for at in range(200, 1200, 200)
    ]
    head = ["##fileformat=VCFv4.3", *(f"##contig=<ID={name}>" for name in bases)]
    head += ['##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    head += ["#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tada"]
    path.write_text("\n".join([*head, *rows]) + "\n")


def write_part(path: Path, options: Options, *, rows: int = 40) -> None:
    """Write a part with examples of all splits, their pileups noise that no compression makes small."""
    code, draw = encoding(options), random.Random(6)
    payload = code.all_columns[-1].max_bytes
    table = [
        {
            "example_id": 1000 * number + row, "sample": "ada", "contig": contig, "split": split,
            "start": row, "end": row + 1, "weight": 1.0, "copies": row % 3, "ref": "A", "alt": "C",
            "depth": "full", "reads": 9, "support": 4, "pileup": draw.randbytes(payload),
        }
        for number, (split, contig) in enumerate(SPLITS.items())
        for row in range(rows)
    ]  # fmt: skip
    with PartWriter(path, code, seed=PLAN["seed"], metadata={"sample": "ada"}) as writer:
        writer.write(pa.RecordBatch.from_pylist(table, schema=arrow_schema(code)))


@pytest.fixture
def spoilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory for bad input, with the folder of temporary files inside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capfd) -> Callable[..., tuple[int, str]]:
    """Call the command line; give its exit code and all that it and the libraries below it printed."""

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["seqmill", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, "".join(capfd.readouterr())

    return run


@pytest.fixture
def refused(call, world, spoilt) -> Callable[..., str]:
    """Call the command line with bad input and hold its answer to the rules of all of them.

    It fails with one message that holds all `said`; no traceback is printed, and no file appears, changes
    or goes away.
    """

    def run(arguments: list[object], *said: str) -> str:
        before = snapshot(world.folder, spoilt)
        code, printed = call(*arguments)
        assert code not in (0, None), printed
        assert "Traceback" not in printed
        assert len(re.findall("^error: ", printed, flags=re.M)) == 1, printed
        message = printed[printed.index("error: ") :]
        for words in said:
            assert words in message, message
        assert not re.search(r"stdout=|stderr=|\[[EW]::", printed), printed
        assert snapshot(world.folder, spoilt) == before
        return message

    return run


def snapshot(*folders: Path) -> dict[Path, tuple[int, int]]:
    """Every file below, with size and time of last change, and every hidden folder."""
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns) if path.is_file() else (0, 0)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() or path.name.startswith(".")
    }
