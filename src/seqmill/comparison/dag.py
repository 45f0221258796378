"""A layered drawing of a directed acyclic graph as inline SVG."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

_WIDTH, _HEIGHT, _THREAD, _GAP_X, _GAP_Y, _MARGIN = 176, 50, 14, 60, 16, 8
_SWEEPS = 4
_LONGEST = (20, 25)


@dataclass(frozen=True)
class Node:
    """What a box says: a title, a line under it, and a kind that the style sheet colours."""

    title: str
    note: str = ""
    kind: str = "step"


def draw(nodes: Mapping[str, Node], edges: Sequence[tuple[str, str]]) -> str:
    """Draw the graph from left to right.

    Each node stands one layer behind its last predecessor, and an edge over several layers holds a place
    of its own in each of them. Inside a layer places are ordered by the mean position of their neighbours
    (Sugiyama, Tagawa & Toda 1981).

    Parameters
    ----------
    nodes : mapping
        Key -> what its box says.
    edges : sequence of (str, str)
        (from, to) by key.

    Returns
    -------
    str
        An ``<svg>`` element that takes its colours from CSS classes.

    Raises
    ------
    ValueError
        When the edges form a cycle.
    """
    layers = _layers(nodes, edges)
    chains = _lay_through(layers, edges)
    _order(layers, [step for chain in chains for step in pairwise(chain)])
    tallest = max(_height(layer, nodes) for layer in layers)
    places = {}
    for column, layer in enumerate(layers):
        y = _MARGIN + (tallest - _height(layer, nodes)) / 2
        for key in layer:
            height = _HEIGHT if key in nodes else _THREAD
            places[key] = (_MARGIN + column * (_WIDTH + _GAP_X), y + height / 2)
            y += height + _GAP_Y
    width = len(layers) * (_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN
    drawn = [_edge([places[key] for key in chain]) for chain in chains]
    drawn += [_box(node, *places[key]) for key, node in nodes.items()]
    height = tallest + 2 * _MARGIN
    return (
        f'<svg class="dag" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" '
        f'role="img" aria-label="Graph of the steps">{"".join(drawn)}</svg>'
    )


def _layers(nodes: Mapping[str, Node], edges: Sequence[tuple[str, str]]) -> list[list[Hashable]]:
    before: dict[str, set[str]] = {key: set() for key in nodes}
    for source, target in edges:
        before[target].add(source)
    depth: dict[str, int] = {}
    while len(depth) < len(nodes):
        ready = [key for key in nodes if key not in depth and before[key] <= depth.keys()]
        if not ready:
            raise ValueError(f"cycle among {', '.join(key for key in nodes if key not in depth)}")
        depth |= {key: 1 + max((depth[source] for source in before[key]), default=-1) for key in ready}
    return [[key for key in nodes if depth[key] == layer] for layer in range(max(depth.values()) + 1)]


def _lay_through(layers: list[list[Hashable]], edges: Sequence[tuple[str, str]]) -> list[list[Hashable]]:
    """Add the places of long edges to the layers; give each edge as the chain of its places."""
    depth = {key: index for index, layer in enumerate(layers) for key in layer}
    chains: list[list[Hashable]] = []
    for source, target in edges:
        through = [(source, target, layer) for layer in range(depth[source] + 1, depth[target])]
        for place in through:
            layers[place[2]].append(place)
        chains.append([source, *through, target])
    return chains


def _order(layers: list[list[Hashable]], steps: Sequence[tuple[Hashable, Hashable]]) -> None:
    beside: dict[Hashable, list[Hashable]] = {}
    for source, target in steps:
        beside.setdefault(source, []).append(target)
        beside.setdefault(target, []).append(source)
    for _ in range(_SWEEPS):
        for layer in layers:
            place = {key: (row + 0.5) / len(among) for among in layers for row, key in enumerate(among)}
            mean = {
                key: sum(place[other] for other in near) / len(near)
                if (near := beside.get(key))
                else place[key]
                for key in layer
            }
            layer.sort(key=mean.__getitem__)


def _height(layer: Sequence[Hashable], nodes: Mapping[str, Node]) -> float:
    return sum(_HEIGHT if key in nodes else _THREAD for key in layer) + _GAP_Y * (len(layer) - 1)


def _edge(chain: Sequence[tuple[float, float]]) -> str:
    bend = _GAP_X / 2
    path = ""
    for (x1, y1), (x2, y2) in pairwise(chain):
        start = x1 + _WIDTH
        path += f"{'L' if path else 'M'}{start:g} {y1:g}"
        path += f"C{start + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    x, y = chain[-1]
    return f'<path class="edge" d="{path}"/><path class="tip" d="M{x:g} {y:g}l-6 -3.5v7z"/>'


def _box(node: Node, x: float, middle: float) -> str:
    y = middle - _HEIGHT / 2
    lines = [_short(text, longest) for text, longest in zip((node.title, node.note), _LONGEST, strict=True)]
    first = y + (22 if node.note else 30)
    note = f'<text class="note" x="{x + 12:g}" y="{y + 38:g}">{escape(lines[1])}</text>' if node.note else ""
    return (
        f'<g class="node {escape(node.kind)}"><title>{escape(f"{node.title} {node.note}".strip())}</title>'
        f'<rect x="{x:g}" y="{y:g}" width="{_WIDTH}" height="{_HEIGHT}" rx="7"/>'
        f'<text x="{x + 12:g}" y="{first:g}">{escape(lines[0])}</text>{note}</g>'
    )


def _short(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
