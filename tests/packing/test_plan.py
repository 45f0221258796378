"""Plans of packings: what they hold, and every mistake at once."""

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.packing.plan import load_pack_plan


def test_a_plan(written, tmp_path, monkeypatch):
    (tmp_path / "a.fa.gz").touch()
    monkeypatch.setenv("DEPOT", str(tmp_path))
    source = {"sample": "a", "path": "$DEPOT/a.fa.gz", "contigs": {"folds": 5}, "values": {"class": "donor"}}
    plan = load_pack_plan(written(spacer=7, sources=[source]))
    assert (plan.spacer, plan.samples) == (7, ("a",))
    assert plan.sources[0].path == str(tmp_path / "a.fa.gz")
    assert plan.sources[0].is_fasta


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            {"contigs": {"folds": 2, "pattern": "(chr)"}},
            "sources[0].contigs.pattern, folds: want one of them",
        ),
        ({"contigs": {}}, "sources[0].contigs.pattern, folds: want one of them"),
        ({"contigs": {"pattern": "chr"}}, "want a group in brackets: the contig's name"),
        ({"contigs": {"pattern": "(chr"}}, "no regular expression"),
        ({"contigs": {"folds": -1}}, "sources[0].contigs.folds: found -1, want at least 0"),
        ({"columns": {"a": "b"}}, "sources[0].columns: a FASTA has none; give values, or a table"),
        ({"sample": "a b"}, "sources[0].sample: found 'a b', want letters, digits"),
        ({"path": "none.fa"}, "sources[0].path: none.fa: no such file"),
        ({"path": "$NO_SUCH_DEPOT/a.fa"}, "names an environment variable that is not set"),
        ({"pth": "x"}, "sources[0].pth: unknown key (did you mean 'path'?)"),
    ],
)
def test_mistakes(written, tmp_path, source, said):
    (tmp_path / "a.fa").touch()
    whole = {"sample": "a", "path": str(tmp_path / "a.fa"), "contigs": {"folds": 2}}
    with pytest.raises(ConfigErrors) as caught:
        load_pack_plan(written(sources=[whole | source]))
    assert said in str(caught.value)


@pytest.mark.parametrize("content", [{}, {"sources": []}, {"sources": "a.fa"}])
def test_a_plan_without_sources(written, content):
    with pytest.raises(ConfigErrors, match="sources"):
        load_pack_plan(written(**content))


def test_no_plan(tmp_path):
    with pytest.raises(InputError, match="there is no such plan"):
        load_pack_plan(tmp_path / "none.yaml")
    (tmp_path / "broken.yaml").write_text("a: [")
    with pytest.raises(InputError, match="whole YAML wanted"):
        load_pack_plan(tmp_path / "broken.yaml")
