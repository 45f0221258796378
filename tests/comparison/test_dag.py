"""The drawing of a graph: layers, order, escapes, cycles."""

import itertools
import re
import xml.etree.ElementTree as ElementTree

import pytest

from seqmill.comparison.dag import Node, draw


def boxes(svg):
    """Give title -> (x, y) of each box."""
    root = ElementTree.fromstring(svg)
    return {
        group.find("text").text: tuple(float(group.find("rect").get(axis)) for axis in "xy")
        for group in root.iter("g")
    }


NODES = {key: Node(key) for key in "abcdef"}


def test_a_node_stands_behind_all_its_predecessors():
    edges = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d")]
    x = {key: place[0] for key, place in boxes(draw({key: NODES[key] for key in "abcd"}, edges)).items()}
    assert x["a"] < x["b"] < x["c"] < x["d"]


def test_crossings_that_can_be_avoided_are():
    edges = [("a", "f"), ("b", "e"), ("c", "d")]
    y = {key: place[1] for key, place in boxes(draw(NODES, edges)).items()}
    assert (y["a"] < y["b"] < y["c"]) == (y["f"] < y["e"] < y["d"])


def test_boxes_do_not_overlap_and_lie_inside():
    svg = draw(NODES, [("a", "b"), ("a", "c"), ("a", "d"), ("d", "e"), ("a", "f"), ("e", "f")])
    width, height = (float(size) for size in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups())
    places = list(boxes(svg).values())
    assert all(0 <= x <= width - 176 and 0 <= y <= height - 50 for x, y in places)
    by_column = sorted(places)
    assert all(y2 - y1 >= 50 for (x1, y1), (x2, y2) in itertools.pairwise(by_column) if x1 == x2)


def test_a_long_edge_goes_around_what_is_between():
    nodes = {key: NODES[key] for key in "abc"}
    svg = draw(nodes, [("a", "b"), ("b", "c"), ("a", "c")])
    long = [path for path in re.findall(r'class="edge" d="([^"]+)"', svg) if "L" in path]
    assert len(long) == 1
    through = float(re.search(r"L\S+ (\S+?)C", long[0]).group(1))
    top = boxes(svg)["b"][1]
    assert not top <= through <= top + 50


def test_text_is_escaped_and_shortened():
    svg = draw({"n": Node("a<b & a very long title indeed", "note")}, [])
    (group,) = ElementTree.fromstring(svg).iter("g")
    assert group.find("title").text == "a<b & a very long title indeed note"
    assert group.find("text").text == "a<b & a very long t…"


def test_a_cycle_is_refused():
    with pytest.raises(ValueError, match="cycle among a, b"):
        draw({key: NODES[key] for key in "ab"}, [("a", "b"), ("b", "a")])
