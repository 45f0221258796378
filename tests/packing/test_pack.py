"""A packed genome holds every sequence where its table says, with nothing but spacers between."""

from seqmill.files import read_json
from seqmill.genome.reference import Reference
from seqmill.packing.pack import pack, packed_contigs
from seqmill.packing.plan import ContigRule, PackPlan, Source

TABLE = "gene\tsequence\tlevel\nA1\tACGTACGTAA\t0.5\nA2\tGGGG\t\nA3\tACGTACGTAA\t9\nA4\tAXA\t1\n"


def test_a_packed_genome(tmp_path):
    (tmp_path / "a.tsv").write_text(TABLE)
    (tmp_path / "b.fa").write_text(">b1\nTTTTTT\n>b2\nGGGG\n")
    rule = ContigRule(folds=2)
    plan = PackPlan(
        spacer=4,
        sources=[
            Source(
                sample="s",
                path=str(tmp_path / "a.tsv"),
                contigs=rule,
                name="gene",
                columns={"level": "level"},
            ),
            Source(sample="s", path=str(tmp_path / "b.fa"), contigs=rule, values={"kind": "none"}),
        ],
    )
    report = pack(plan, tmp_path / "raw")
    assert report == read_json(tmp_path / "raw" / "pack.json")
    assert [(one["kept"], one["repeated"], one["other_letters"]) for one in report["sources"]] == [
        (2, 1, 1),
        (2, 0, 0),
    ]
    lines = [line.split("\t") for line in (tmp_path / "raw" / "s.bed").read_text().splitlines()]
    assert lines[0] == ["#contig", "start", "end", "name", "score", "strand", "level", "kind"]
    assert [line[3:] for line in lines[1:]] == [
        ["A1", "0", ".", "0.5", "."],
        ["A2", "0", ".", ".", "."],
        ["b1", "0", ".", ".", "none"],
        ["b2", "0", ".", ".", "none"],
    ]
    with Reference(tmp_path / "raw" / "reference.fa") as genome:
        assert dict(genome.contigs) == packed_contigs(plan)
        bases = [genome.fetch(line[0], int(line[1]), int(line[2])) for line in lines[1:]]
        assert bases == ["ACGTACGTAA", "GGGG", "TTTTTT", "GGGG"]
        known = sum(
            sum(base != "N" for base in genome.fetch(name, 0, length))
            for name, length in genome.contigs.items()
        )
    assert known == 10 + 4 + 6
