import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from seqmill.applications import application as frame
from seqmill.cli.collect import command
from seqmill.errors import ConfigErrors, InputError
from seqmill.shards.manifest import Manifest
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

CONTIGS = {"train": "c1", "validation": "c2", "test": "c3"}


@dataclass(frozen=True)
class Options:
    width: int = 4


def encoding(options):
    columns = (Column("copies", "int8", label=True), Column("bytes", "fixed", size=options.width))
    return Encoding(application="toy", version=1, options={"width": options.width}, columns=columns)


@pytest.fixture
def dataset(tmp_path, monkeypatch):
    """A plan, a reference, a read report and a part for each sample."""
    import pyarrow as pa

    monkeypatch.setattr(
        frame, "find_application", lambda name: SimpleNamespace(options=Options, encoding=encoding)
    )
    (tmp_path / "ref.fa").write_text("".join(f">{contig}\nACGTACGT\n" for contig in CONTIGS.values()))
    parts, reports = [], []
    for number, sample in enumerate(("ada", "bo")):
        rows = [
            {
                "example_id": 100 * number + 10 * k + i, "sample": sample, "contig": contig, "start": i,
                "end": i + 1, "split": split, "weight": 1.0, "copies": i % 2, "bytes": b"abcd",
            }
            for k, (split, contig) in enumerate(CONTIGS.items())
            for i in range(5)
        ]  # fmt: skip
        parts.append(tmp_path / f"{sample}.0.parquet")
        with PartWriter(parts[-1], encoding(Options()), seed=5) as writer:
            writer.write(pa.RecordBatch.from_pylist(rows, schema=arrow_schema(encoding(Options()))))
        reports.append(tmp_path / f"{sample}.report.json")
        inputs = [{"name": f"{sample}.bam", "sha256": "ab", "bytes": 3}]
        reports[-1].write_text(json.dumps({"sample": sample, "inputs": inputs, "reads": 7}))
    plan = {
        "dataset": "demo",
        "application": "toy",
        "options": {"width": 4},
        "splits": {
            split: {"samples": ["ada", "bo"], "contigs": [contig]} for split, contig in CONTIGS.items()
        },
        "seed": 5,
        "reference": str(tmp_path / "ref.fa"),
        "limits": {"min_examples": 10},
        "rows_per_group": 4,
        "rows_per_shard": 8,
        "depths": {"ada": ["full"], "bo": ["full", "10"]},
        "samples": {"ada": {"truth": "a.vcf.gz", "confident": "a.bed"}},
    }
    return SimpleNamespace(folder=tmp_path, plan=plan, parts=parts, reports=reports, out=tmp_path / "dataset")


def collect(dataset):
    (dataset.folder / "plan.json").write_text(json.dumps(dataset.plan))
    args = ["--part", *map(str, dataset.parts), "--read-report", *map(str, dataset.reports)]
    args += ["--plan", str(dataset.folder / "plan.json"), "--output-dir", str(dataset.out)]
    return CliRunner().invoke(command, args, catch_exceptions=False)


def test_the_plan_and_the_reports_end_up_in_the_manifest(dataset):
    result = collect(dataset)
    assert result.exit_code == 0
    assert "train: 10 examples (0: 6, 1: 4)" in result.output
    manifest = Manifest.load(dataset.out / "manifest.json", verify="digests")
    assert manifest.dataset == "demo"
    assert manifest.encoding == encoding(Options())
    assert manifest.inputs == {name: [{"name": f"{name}.bam", "sha256": "ab"}] for name in ("ada", "bo")}
    assert manifest.context == {key: dataset.plan[key] for key in ("depths", "samples")}
    assert [shard.row_groups for shard in manifest.shards_of("train")] == [(4, 4), (2,)]
    assert len(manifest.reference["checksum"]) == 64


def test_a_misspelt_option_is_named(dataset):
    dataset.plan["options"] = {"widht": 4}
    with pytest.raises(ConfigErrors, match=r"options\.widht.*did you mean 'width'"):
        collect(dataset)
    assert not dataset.out.exists()


def test_a_missing_key_is_named(dataset):
    del dataset.plan["splits"]
    with pytest.raises(InputError, match=r"plan\.json: key 'splits' is missing"):
        collect(dataset)


def test_a_report_that_is_no_report_is_named(dataset):
    dataset.reports[1].write_text('{"sample": "bo"}')
    with pytest.raises(InputError, match=r"bo\.report\.json: key 'inputs' is missing"):
        collect(dataset)
    dataset.reports[1].write_text("{")
    with pytest.raises(InputError, match=r"bo\.report\.json: whole JSON wanted"):
        collect(dataset)


def test_consent_is_checked_again_and_stands_in_the_manifest(dataset):
    uses = ["train", "validation", "test"]
    dataset.plan["privacy"] = {"consent": {"research": uses, "test_only": ["test"]}, "uses": []}
    dataset.plan["samples"] = {"ada": {"consent": "research"}, "bo": {"consent": "test_only"}}
    with pytest.raises(
        ConfigErrors, match="sample 'bo': consent class 'test_only' allows test, but train, valid"
    ):
        collect(dataset)
    assert not dataset.out.exists()
    dataset.plan["samples"]["bo"]["consent"] = "research"
    assert collect(dataset).exit_code == 0
    context = Manifest.load(dataset.out / "manifest.json").context
    assert context["privacy"] == dataset.plan["privacy"]
    assert context["samples"]["bo"] == {"consent": "research"}
