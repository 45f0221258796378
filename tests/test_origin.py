"""The tree of what a file was made of, and how files hold it."""

import pytest

from seqmill import origin
from seqmill.errors import InputError
from seqmill.origin import Node, Step, beside, content_digest, embed, extract, settled, stamped, this_step

STEP = Step(command="seqmill train seed=1", program="0.1.0", commit="abc")


def tree() -> Node:
    """Two samples on one reference, a dataset of both, a checkpoint."""
    reference = Node(kind="reference", name="r.fa", digest="11", of="bases", path="raw/r.fa")
    samples = [
        Node(
            kind="alignments",
            name=f"{name}.bam",
            digest=name,
            sample=name,
            step=Step(command=f"seqmill reads --sample {name}", program="0.1.0"),
            parents=(
                Node(
                    kind="reads",
                    name=f"{name}.fq",
                    digest=name * 2,
                    path=f"/in/{name}.fq",
                    address=f"s3://in/{name}.fq",
                ),
                reference,
            ),
        )
        for name in ("a", "b")
    ]
    dataset = Node(kind="dataset", name="toys", digest="22", of="content", parents=(*samples, reference))
    return Node(kind="checkpoint", name="c.ckpt", digest="33", of="weights", step=STEP, parents=(dataset,))


def test_a_tree_goes_through_plain_values_unchanged_and_what_is_shared_is_written_once():
    plain = tree().to_dict()
    assert Node.from_dict(plain) == tree()
    assert [node["name"] for node in plain["nodes"]] == [
        "a.fq",
        "r.fa",
        "a.bam",
        "b.fq",
        "b.bam",
        "toys",
        "c.ckpt",
    ]
    assert plain["nodes"][-1] == {
        "kind": "checkpoint",
        "name": "c.ckpt",
        "digest": "33",
        "of": "weights",
        "step": {"command": "seqmill train seed=1", "program": "0.1.0", "commit": "abc"},
        "parents": [5],
    }


@pytest.mark.parametrize("content", [{}, {"nodes": []}, {"nodes": [{"name": "x"}]}, {"nodes": [{"new": 1}]}])
def test_what_is_no_lineage_is_refused_with_the_name_of_the_file(content):
    with pytest.raises(InputError, match=r"x\.json: its lineage cannot be understood"):
        Node.from_dict(content, source="x.json")


def test_a_walk_meets_everything_once():
    assert [node.name for node in tree().walk()] == [
        "c.ckpt",
        "toys",
        "a.bam",
        "a.fq",
        "r.fa",
        "b.bam",
        "b.fq",
    ]


def test_a_bare_tree_names_no_place_and_no_command():
    bare = tree().bare()
    assert {(node.path, node.step) for node in bare.walk()} == {("", None)}
    assert [node.digest for node in bare.walk()] == [node.digest for node in tree().walk()]


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        (["train", "seed=1"], "seqmill train seed=1"),
        (["predict", "--reads", "my reads.bam"], "seqmill predict --reads 'my reads.bam'"),
        (["trace", "{here}/results/x.json"], "seqmill trace results/x.json"),
        (["train", "dataset.manifest={here}/m.json"], "seqmill train dataset.manifest=m.json"),
        (
            ["collect", "--part", *(f"parts/{n}.parquet" for n in range(13)), "--plan", "p.json"],
            "seqmill collect --part parts/*.parquet --plan p.json",
        ),
        (
            ["collect", "--part", *(f"{n}/x.parquet" for n in range(13))],
            "seqmill collect --part 0/x.parquet ... 12/x.parquet",
        ),
        ([], ""),
    ],
)
def test_a_command_is_told_from_the_working_directory(arguments, command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(origin, "_command", tuple(one.format(here=tmp_path) for one in arguments))
    assert this_step().command == command


def test_a_stamped_file_is_digested_without_its_lineage():
    content = {"f1": 0.1 + 0.2, "seeds": {2: "two", 10: "ten"}, "curve": (1, 2)}
    told = stamped(content, kind="metrics", parents=[tree()])
    node = Node.from_dict(told["lineage"])
    assert (node.kind, node.of, node.parents) == ("metrics", "content", (tree(),))
    assert node.digest == content_digest(told) == content_digest(content)
    assert content_digest(content | {"f1": 0.3}) != node.digest


def test_a_page_holds_its_lineage_and_is_the_same_without_it():
    page = "<html><body><p>hello</p></body></html>"
    node = Node(kind="report", name="</script>", digest="ab", step=STEP)
    found, rest = extract(embed(page, node))
    assert Node.from_dict(found) == node
    assert rest == page
    assert embed(page, node).count("</script>") == 1
    assert extract(page) == (None, page)


def test_what_lies_beside_a_file_moves_with_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    near = beside(Node(kind="predictions", name="predictions"), "p.parquet")
    scored = Node(kind="metrics", name="metrics", parents=(near,))
    found = settled(scored, "runs/x/metrics.json")
    assert (found.name, found.path) == ("metrics.json", "runs/x/metrics.json")
    assert found.parents[0].path == "runs/x/p.parquet"
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "p.parquet").touch()
    assert settled(scored, "runs/calls/a.vcf.gz").parents[0].path == "runs/p.parquet"
