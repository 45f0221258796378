"""The explanation as a page: what the model looks at, as a person sees it."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seqmill.files import atomic_path, program_version
from seqmill.genome.motif import Motif
from seqmill.interpretation.discovery import Found
from seqmill.interpretation.explained import Explained
from seqmill.interpretation.insertion import Insertion
from seqmill.interpretation.logo import contribution_logo, information_logo
from seqmill.interpretation.matching import Match
from seqmill.origin import Node, embed, this_step
from seqmill.pages.render import render

_KMERS = 15
_REASONS = {
    "unknown_contig": "on a contig that the reference lacks",
    "over_contig_end": "too near the end of a contig",
    "unknown_bases": "with too many unknown bases",
    "not_drawn": "left out by the draw of --most",
    "longer_than_window": "used, but longer than the window: their ends were not looked at",
    "without_strand": "used, but without a strand: read forward",
}


def write_page(
    path: Path,
    told: Mapping[str, Any],
    explained: Explained,
    *,
    database: Sequence[Motif],
    parents: tuple[Node, ...],
) -> None:
    """Write the page as one HTML file that needs no network, atomically.

    Parameters
    ----------
    path : Path
        The file to write.
    told : mapping
        What ``explain.json`` holds.
    explained : Explained
        What was found.
    database : sequence of Motif
        Known motifs, whose logos stand beside those found.
    parents : tuple of Node
        What it was made of.
    """
    known = {motif.name: motif for motif in database}
    alone = {one.name: one for one in explained.insertions}
    step = this_step()
    text = render(
        "seqmill.interpretation",
        "explain.html.j2",
        title=told["target"],
        subtitle=_subtitle(told),
        tiles=_tiles(told),
        findings=_findings(told, explained),
        motifs=[_card(one, explained, known, alone[one.motif.name]) for one in explained.found],
        insertions=[_effect(one) for one in explained.insertions],
        kmers=_kmers(explained),
        reasons=[(text, told["regions"][name]) for name, text in _REASONS.items() if told["regions"][name]],
        facts=[(node.kind, f"{node.name} {node.digest[:12]}") for node in parents],
        command=step.command,
        version=program_version(),
    )
    node = Node(
        kind="explanation page",
        name="explanation",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        of="content",
        step=step,
        parents=parents,
    )
    with atomic_path(path) as aside:
        aside.write_text(embed(text, node))


def _subtitle(told: Mapping[str, Any]) -> str:
    strands = ", both strands averaged" if told["both_strands"] else ""
    return (
        f"What the model's output {told['target']} rests on, over {told['regions']['used']:,} windows of "
        f"{told['window']:,} bases: {told['method'].replace('-', ' ')}{strands}."
    )


def _tiles(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    named = sum(bool(one["match"]) for one in told["motifs"])
    control = told["control"]
    return [
        (str(len(told["motifs"])), "motifs found"),
        (str(named), "of them like a known motif (q < 0.05)"),
        (f"{told['seqlets']:,}", "seqlets above chance"),
        (f"{told['instances']:,}", "instances on the genome"),
        (
            "-" if control is None else str(control["motifs"]),
            "motifs with randomised weights" if control else "not asked: randomised weights",
        ),
    ]


def _findings(told: Mapping[str, Any], explained: Explained) -> list[tuple[str, str, str]]:
    """Give what the numbers say: tone, lead, text."""
    found = []
    if not told["motifs"]:
        found.append(("note", "No motif.", "No group of alike stretches stands out of shuffled windows."))
    for one in told["motifs"]:
        direction = "raises" if one["mean_contribution"] > 0 else "lowers"
        alike = f", like {one['match']}" if one["match"] else ", like no known motif that was given"
        text = f"{direction} the output: {one['seqlets']} seqlets{alike}."
        found.append(("good" if one["mean_contribution"] > 0 else "bad", one["consensus"], text))
    beaten = [one for one in explained.insertions if one.shuffled and one.beaten == len(one.shuffled)]
    text = (
        f"{len(beaten)} of {len(explained.insertions)} motifs do more than every shuffle of their own bases."
    )
    if explained.insertions:
        found.append(("note", "On their own:", text))
    control = told["control"]
    if control is not None:
        names = f", like {', '.join(control['named'])}" if control["named"] else ", none like a known one"
        text = f"seqlets: {control['seqlets']}, motifs: {control['motifs']}{names}."
        found.append(("mixed" if control["motifs"] else "note", "With randomised weights:", text))
    if told["incompleteness"] is not None:
        missed = f"{told['incompleteness']:.1%}"
        text = f"contributions miss the sum that they should add up to by {missed} of its size."
        found.append(("mixed" if told["incompleteness"] > 0.2 else "note", "Completeness:", text))
    return found


def _card(one: Found, explained: Explained, known: Mapping[str, Motif], alone: Insertion) -> dict[str, Any]:
    name = one.motif.name
    match = explained.best(name)
    return {
        "name": name,
        "consensus": one.motif.text,
        "seqlets": one.sites,
        "mean": f"{one.mean:.3g}",
        "instances": sum(instance.motif == name for instance in explained.instances),
        "information": information_logo(one.motif),
        "contributions": contribution_logo(one.contributions, about=one.motif.text),
        "match": match and _match(match, known[match.target]),
        "others": [
            f"{other.target} ({other.q:.2g})"
            for other in [m for m in explained.matches if m.query == name][1:4]
        ],
        "effect": _effect(alone),
    }


def _match(match: Match, target: Motif) -> dict[str, Any]:
    turned = Motif(name=target.name, probabilities=target.reversed()) if match.strand == "-" else target
    return {
        "name": match.target,
        "similarity": f"{match.similarity:.2f}",
        "q": f"{match.q:.2g}",
        "turned": match.strand == "-",
        "logo": information_logo(turned),
    }


def _effect(one: Insertion) -> dict[str, Any]:
    return {
        "name": one.name,
        "word": one.word,
        "effect": f"{one.effect:+.4g}",
        "value": one.effect,
        "beaten": one.beaten,
        "shuffles": len(one.shuffled),
        "tone": "above" if one.shuffled and one.beaten == len(one.shuffled) else "tie",
        "z": f"{one.z:.1f}",
    }


def _kmers(explained: Explained) -> list[dict[str, Any]]:
    listed = explained.kmers
    chosen = listed if len(listed) <= 2 * _KMERS else [*listed[:_KMERS], *listed[-_KMERS:]]
    return [
        {
            "word": one.word,
            "places": one.places,
            "mean": f"{one.mean:.4g}",
            "z": f"{one.z:.1f}",
            "match": explained.named.get(one.word),
        }
        for one in chosen
    ]
