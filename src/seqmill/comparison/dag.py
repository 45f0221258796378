"""A layered drawing of a directed acyclic graph as inline SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 168, 50, 64, 16, 8
_SWEEPS = 4
_LONGEST = (21, 27)


@dataclass(frozen=True)
class Node:
    """What a box says: a title, a line under it, and a kind that the style sheet colours."""

    title: str
    note: str = ""
    kind: str = "step"


def draw(nodes: Mapping[str, Node], edges: Sequence[tuple[str, str]]) -> str:
    """Draw the graph from left to right.

    Each node stands one layer behind its last predecessor; inside a layer nodes are ordered by the mean
    position of their neighbours (the barycentre sweeps of Sugiyama, Tagawa & Toda 1981).

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
    layers = _order(_layers(nodes, edges), edges)
    tallest = max(len(layer) for layer in layers)
    width = len(layers) * (_WIDTH + _GAP_X) - _GAP_X + 2 * _MARGIN
    height = tallest * (_HEIGHT + _GAP_Y) - _GAP_Y + 2 * _MARGIN
    places = {}
    for column, layer in enumerate(layers):
        top = (height - len(layer) * (_HEIGHT + _GAP_Y) + _GAP_Y) / 2
        for row, key in enumerate(layer):
            places[key] = (_MARGIN + column * (_WIDTH + _GAP_X), top + row * (_HEIGHT + _GAP_Y))
    drawn = [_edge(places[source], places[target]) for source, target in edges]
    drawn += [_box(nodes[key], *place) for key, place in places.items()]
    return (
        f'<svg class="dag" viewBox="0 0 {width} {height:g}" width="{width}" height="{height:g}" '
        f'role="img" aria-label="Graph of the steps">{"".join(drawn)}</svg>'
    )


def _layers(nodes: Mapping[str, Node], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
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


def _order(layers: list[list[str]], edges: Sequence[tuple[str, str]]) -> list[list[str]]:
    beside: dict[str, list[str]] = {}
    for source, target in edges:
        beside.setdefault(source, []).append(target)
        beside.setdefault(target, []).append(source)
    for _ in range(_SWEEPS):
        for layer in layers:
            place = {key: (row + 0.5) / len(among) for among in layers for row, key in enumerate(among)}
            layer.sort(
                key=lambda key, place=place: (
                    sum(place[other] for other in beside[key]) / len(beside[key])
                    if key in beside
                    else place[key]
                )
            )
    return layers


def _edge(source: tuple[float, float], target: tuple[float, float]) -> str:
    x1, y1 = source[0] + _WIDTH, source[1] + _HEIGHT / 2
    x2, y2 = target[0], target[1] + _HEIGHT / 2
    bend = _GAP_X / 2
    return (
        f'<path class="edge" d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2 - 5:g} {y2:g}"/>'
        f'<path class="tip" d="M{x2:g} {y2:g}l-6 -3.5v7z"/>'
    )


def _box(node: Node, x: float, y: float) -> str:
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
