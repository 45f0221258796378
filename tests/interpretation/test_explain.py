"""The files of an explanation, and that they tell what they were made of."""

import json
from pathlib import Path

import pyBigWig
import pytest

from seqmill.applications.sequence import SequenceModel
from seqmill.errors import InputError
from seqmill.files import sha256_file
from seqmill.genome.bases import sequence_of
from seqmill.genome.meme import read_meme, write_meme
from seqmill.interpretation import explain as stage
from seqmill.interpretation.explain import explain
from seqmill.lineage.read import digest_of, read_lineage
from seqmill.origin import Node

FILES = (
    "motifs.meme",
    "instances.bed",
    "contributions.bw",
    "kmers.tsv",
    "matches.tsv",
    "insertions.tsv",
)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory, network, study):
    folder = tmp_path_factory.mktemp("explain")
    length = study.codes.shape[1]
    (folder / "g.fa").write_text(f">chr1\n{sequence_of(study.codes.ravel())}\n")
    rows = range(len(study.codes))
    lines = [f"chr1\t{row * length + 40}\t{(row + 1) * length - 40}\n" for row in rows]
    (folder / "r.bed").write_text("".join([*lines, "chrUn\t5\t9\n"]))
    write_meme(folder / "known.meme", study.motifs.values(), background=(0.25,) * 4)
    return folder


@pytest.fixture
def opened(monkeypatch, network, study):
    model = SequenceModel(function=network, length=study.codes.shape[1], outputs=("open",))
    monkeypatch.setattr(stage, "open_model", lambda path: (model, {}))
    node = Node(kind="checkpoint", name="m.ckpt", digest="ab", of="weights")
    monkeypatch.setattr(stage, "origin", lambda path, facts: node)


def run(folder: Path, output: Path, **options):
    return explain(
        Path("m.ckpt"), reference=folder / "g.fa", regions=folder / "r.bed", output_dir=output, **options
    )


@pytest.fixture
def told(inputs, opened, tmp_path):
    return run(inputs, tmp_path / "out", motifs=inputs / "known.meme", insert=["reb"])


def test_all_that_was_found_is_written(told, study, inputs, tmp_path):
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {*FILES, "explain.json", "explain.html"}
    assert told["files"] == {name: sha256_file(out / name) for name in FILES}
    assert {one["match"] for one in told["motifs"]} == set(study.motifs)
    assert [one.text for one in read_meme(out / "motifs.meme")] == [
        one["consensus"] for one in told["motifs"]
    ]
    assert told["control"]["named"] == []
    assert told["regions"] == {
        **dict.fromkeys(
            ("longer_than_window", "over_contig_end", "unknown_bases", "without_strand", "not_drawn"), 0
        ),
        "regions": 201,
        "used": 200,
        "unknown_contig": 1,
    }
    assert (out / "insertions.tsv").read_text().splitlines()[-1].startswith("reb\tTTACCCGGA\t")
    with pyBigWig.open(str(out / "contributions.bw")) as track:
        assert track.chroms() == {"chr1": study.codes.size}
        assert track.header()["nBasesCovered"] == study.codes.size


def test_page_and_json_tell_what_they_were_made_of(told, inputs, tmp_path):
    for name in ("explain.html", "explain.json"):
        path = tmp_path / "out" / name
        node = read_lineage(path)
        assert {parent.kind for parent in node.parents} == {"checkpoint", "reference", "regions", "motifs"}
        assert node.digest == digest_of(path, "content")
    page = (tmp_path / "out" / "explain.html").read_text()
    assert page.count('<svg class="logo"') == 3 * len(told["motifs"])
    assert "1</dt><dd>on a contig that the reference lacks" in page


def test_the_same_seed_gives_the_same_files(told, inputs, tmp_path):
    again = run(inputs, tmp_path / "again", motifs=inputs / "known.meme", insert=["reb"])
    assert again["files"] == told["files"]
    assert json.loads((tmp_path / "again" / "explain.json").read_text())["files"] == again["files"]


def test_without_motifs_found_or_known_the_page_says_so(inputs, monkeypatch, tmp_path, study):
    length = study.codes.shape[1]
    model = SequenceModel(function=lambda w: w[:, 1:3].sum((1, 2))[:, None], length=length, outputs=("gc",))
    monkeypatch.setattr(stage, "open_model", lambda path: (model, {}))
    monkeypatch.setattr(stage, "origin", lambda path, facts: Node(kind="checkpoint", name="m"))
    found = run(inputs, tmp_path / "out", method="integrated-gradients")
    assert found["motifs"] == [] and found["control"] is None
    assert found["incompleteness"] == pytest.approx(0, abs=1e-3)
    page = (tmp_path / "out" / "explain.html").read_text()
    assert "No motif." in page and "not asked: randomised weights" in page


def test_mistakes_are_told_before_any_compute(inputs, opened, tmp_path):
    with pytest.raises(
        InputError, match=r"--insert: 'rebb' is no motif of .*known.meme \(did you mean 'reb'\?\)"
    ):
        run(inputs, tmp_path / "out", motifs=inputs / "known.meme", insert=["rebb"])
    with pytest.raises(InputError, match="--motifs was not given"):
        run(inputs, tmp_path / "out", insert=["reb"])
    with pytest.raises(InputError, match="no output 'shut'"):
        run(inputs, tmp_path / "out", target="shut")
    assert not (tmp_path / "out").exists()
