"""``seqmill examples`` from a plan to a part."""

import json
from pathlib import Path

import pyarrow.parquet as pq
from click.testing import CliRunner

from seqmill.cli.examples import command
from seqmill.shards.parts import read_header
from tests.applications.small_variants.planted import LENGTH, plant, reference_text

TEXT = reference_text()


def test_a_part_is_written_with_its_label_report(tmp_path: Path) -> None:
    swapped = "CGTA"["ACGT".index(TEXT[700])]
    paths = plant(tmp_path, [(700, TEXT[700], swapped, (0, 1))])
    plan = {
        "application": "small_variants",
        "reference": str(paths["reference"]),
        "splits": {"train": {"samples": ["ada"], "contigs": ["c"]}},
        "region_batch": LENGTH,
        "seed": 1,
        "options": {},
        "depths": {"ada": ["full"]},
        "samples": {"ada": {"truth": str(paths["truth"]), "confident": str(paths["confident"])}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    (tmp_path / "report.json").write_text(json.dumps({"mean_depth": 25.0}))
    output = tmp_path / "part.parquet"
    arguments = ["--plan", tmp_path / "plan.json", "--sample", "ada", "--batch", 0]
    arguments += ["--alignments", paths["alignments"], "--read-report", tmp_path / "report.json"]
    result = CliRunner().invoke(command, [str(a) for a in [*arguments, "--output", output]])
    assert result.exit_code == 0, result.output
    rows = pq.read_table(output, columns=["start", "copies"]).to_pylist()
    assert [row["start"] for row in rows if row["copies"] == 1] == [700]
    assert read_header(output).counts == {"truth_reached.snp": 1}
