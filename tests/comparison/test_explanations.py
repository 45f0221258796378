"""What a report says of explanations."""

from pathlib import Path

import pytest

from seqmill.comparison.explanations import explanation_nodes, explanation_views
from seqmill.errors import InputError
from seqmill.files import write_json
from seqmill.genome.meme import write_meme
from seqmill.origin import Node, stamped
from tests.interpretation.conftest import MOTIFS

TOLD = {
    "target": "open",
    "regions": {"used": 1200},
    "control": {"motifs": 1},
    "motifs": [
        {"seqlets": 1300, "match": "REB1", "mean_contribution": 0.4},
        {"seqlets": 40, "match": None, "mean_contribution": -0.2},
    ],
}


@pytest.fixture
def explained(tmp_path) -> Path:
    folder = tmp_path / "d" / "explain" / "first"
    folder.mkdir(parents=True)
    write_meme(folder / "motifs.meme", list(MOTIFS.values())[:2], background=(0.25,) * 4)
    parent = Node(kind="checkpoint", name="m.ckpt", digest="ab", of="weights")
    write_json(folder / "explain.json", stamped(TOLD, kind="explanation", parents=(parent,)))
    return folder / "explain.json"


def test_logos_stand_beside_their_names_and_the_page_is_found_from_the_report(explained, tmp_path):
    (view,) = explanation_views([explained], tmp_path / "d")
    assert view["page"] == "explain/first/explain.html" and view["name"] == "first"
    assert (view["windows"], view["found"], view["control"]) == ("1,200", 2, 1)
    told = [(one["match"], one["direction"], one["seqlets"]) for one in view["motifs"]]
    assert told == [("REB1", "raises", "1,300"), ("no known motif", "lowers", "40")]
    assert all(one["logo"].startswith('<svg class="logo"') for one in view["motifs"])


def test_the_lineage_of_an_explanation_goes_on(explained):
    (node,) = explanation_nodes([explained])
    assert node.kind == "explanation" and [one.kind for one in node.parents] == ["checkpoint"]


def test_what_is_no_explanation_is_refused(tmp_path):
    (tmp_path / "explain.json").write_text("{}")
    with pytest.raises(InputError, match="key 'target' is missing"):
        explanation_views([tmp_path / "explain.json"], tmp_path)
