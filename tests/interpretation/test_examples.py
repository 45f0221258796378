"""Where the examples of a split lie, as regions to look at."""

import pyarrow as pa
import pytest

from seqmill.errors import InputError
from seqmill.genome.reference import Reference
from seqmill.genome.regions import Window
from seqmill.interpretation.examples import split_regions
from seqmill.shards.collect import collect
from seqmill.shards.manifest import Manifest
from seqmill.shards.order import example_id
from seqmill.shards.parts import PartWriter
from seqmill.shards.schema import Column, Encoding, arrow_schema

CONTIGS = {"c2": "test", "c1": "train", "c3": "validation", "c10": "test"}
STRANDS = {"string": ("+", "-"), "int8": (1, -1)}


@pytest.fixture
def genome(tmp_path) -> Reference:
    (tmp_path / "g.fa").write_text("".join(f">{name}\n{'ACGT' * 25}\n" for name in CONTIGS))
    return Reference(tmp_path / "g.fa")


@pytest.fixture
def made(tmp_path, genome):
    """Make a dataset of two samples with an example on either strand of every contig."""

    def make(*columns: Column) -> Manifest:
        code = Encoding(application="toy", version=1, options={}, columns=columns)
        rows = [
            {
                "example_id": example_id(sample, contig, start),
                **{"sample": sample, "contig": contig, "start": start, "end": start + 10, "split": split},
                **{"weight": 1.0, **({"strand": STRANDS[columns[0].kind][start > 9]} if columns else {})},
            }
            for sample in ("ada", "bo")
            for contig, split in CONTIGS.items()
            for start in (20, 5)
        ]
        with PartWriter(tmp_path / "p.parquet", code, seed=1) as writer:
            writer.write(pa.RecordBatch.from_pylist(rows, schema=arrow_schema(code)))
        splits = {
            split: {"samples": ["ada", "bo"], "contigs": [name for name in CONTIGS if CONTIGS[name] == split]}
            for split in ("train", "validation", "test")
        }
        reference = {"path": str(genome.path), "checksum": genome.checksum}
        options = {"dataset": "toy", "encoding": code, "splits": splits, "seed": 1}
        return collect([tmp_path / "p.parquet"], tmp_path / "d", inputs={}, reference=reference, **options)

    return make


def test_each_place_of_the_split_comes_once_in_the_order_of_the_contigs(made, genome):
    found = split_regions(made(), "test", genome, stranded=False)
    places = [(contig, start, start + 10) for contig in ("c2", "c10") for start in (5, 20)]
    assert [one[:3] for one in found.listed] == places
    assert found.counts == {}


@pytest.mark.parametrize("kind", STRANDS)
def test_the_strand_is_that_of_the_examples_or_forward_and_counted(made, genome, kind):
    told = split_regions(made(Column("strand", kind)), "test", genome, stranded=True)
    assert told.listed[:2] == [Window("c2", 5, 15, "+"), Window("c2", 20, 30, "-")] and told.counts == {}
    silent = split_regions(made(), "test", genome, stranded=True)
    assert {one.strand for one in silent.listed} == {"+"} and silent.counts == {"without_strand": 4}


def test_another_genome_is_refused(made, tmp_path):
    (tmp_path / "o.fa").write_text(">c1\nACGTA\n")
    with pytest.raises(InputError, match=r"o\.fa: found other bases than in .*g\.fa"):
        split_regions(made(), "test", Reference(tmp_path / "o.fa"), stranded=False)
