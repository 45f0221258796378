"""The table says what was measured, against whom, and whether it was enough."""

from dataclasses import asdict

import pytest
from harness import claim
from table import into_documents, plain, rows


@pytest.fixture
def results() -> dict:
    made = [
        claim("a", "Reads", ours=3e6, peer=1e6, peer_name="oxbow", goal=3, unit="reads/s"),
        claim(
            *("b", "Bytes"),
            ours=7.0,
            peer=10.0,
            peer_name="gzip",
            goal=0.65,
            unit="B",
            higher_is_better=False,
        ),
        claim("c", "DNA", ours=5.0, peer=None, peer_name="litdata", goal=3, unit="batches/s"),
    ]
    return {
        "date": "2000-01-01",
        "commit": "abc",
        "changed": False,
        "machine": {"cpu": "A processor", "cpus": 1, "gpu": "none"},
        "versions": {"numpy": "2.0"},
        "claims": [
            asdict(one) | {"command": "python benchmarks/x.py", "commit": "abc", "load": 0.5} for one in made
        ],
        "failures": ["python benchmarks/y.py ended with code 1"],
    }


def test_rows_name_peer_ratio_goal_and_verdict(results):
    assert [row[1:6] for row in rows(results)] == [
        ("3,000,000 reads/s", "oxbow: 1,000,000", "3x", ">= 3x", "yes"),
        ("7 B", "gzip: 10", "0.7x", "<= 0.65x", "NO"),
        ("5 batches/s", "litdata", "-", ">= 3x", "-"),
    ]
    assert rows(results)[2][0] == "DNA (peer not installed)"


def test_columns_stand_below_each_other(results):
    lines = plain(rows(results)).splitlines()
    starts = [line.index(word) for line, word in zip(lines, ("ours", "3,000", "7 B", "5 b"), strict=True)]
    assert len(set(starts)) == 1


def test_documents_keep_what_stands_around_the_tables(results, tmp_path):
    document, scaling = tmp_path / "performance.md", tmp_path / "scaling.md"
    scaling.write_text("before\n<!-- cohorts -->\nold\n<!-- /cohorts -->\nafter\n")
    marks = "<!-- measured -->\nold\n<!-- /measured -->\nbetween\n<!-- cost -->\nold\n<!-- /cost -->"
    document.write_text(f"before\n{marks}\nafter\n")
    into_documents(results, tmp_path)
    text = document.read_text()
    assert text.startswith("before\n<!-- measured -->\n")
    assert "<!-- /measured -->\nbetween\n<!-- cost -->\nNot reckoned: growth_time" in text
    assert text.endswith("<!-- /cost -->\nafter\n")
    assert "old" not in text
    row = "| Reads | 3,000,000 reads/s | oxbow: 1,000,000 | 3x | >= 3x | yes |"
    assert f"{row} `python benchmarks/x.py` |" in text
    assert "y.py ended with code 1" in text
    begin, rest = scaling.read_text().split("<!-- cohorts -->\n")
    assert (begin, rest.split("\n")[1:]) == ("before\n", ["<!-- /cohorts -->", "after", ""])
    assert rest.startswith("Not reckoned: cluster_align, cluster_score, growth_time")
