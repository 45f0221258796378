"""Explanations of the registered model, as the report shows them: logos, and the way to their pages."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqmill.files import read_json
from seqmill.genome.meme import read_meme
from seqmill.interpretation.logo import information_logo
from seqmill.origin import KEY, Node, settled

_SHOWN = 6
_KEYS = ("target", "motifs", "control", "regions", KEY)


def explanation_views(paths: Sequence[Path], folder: Path) -> list[dict[str, Any]]:
    """Give what the report says of each ``explain.json``.

    Parameters
    ----------
    paths : sequence of Path
        The files, with ``motifs.meme`` and ``explain.html`` beside them.
    folder : Path
        Where the report goes; pages are named relative to it.

    Raises
    ------
    InputError
        When a file is missing or is no explanation.
    """
    return [_view(path, folder) for path in paths]


def explanation_nodes(paths: Sequence[Path]) -> list[Node]:
    """Give what the explanations were made of, for the lineage of the report."""
    return [settled(Node.from_dict(read_json(path, *_KEYS)[KEY], source=path), path) for path in paths]


def _view(path: Path, folder: Path) -> dict[str, Any]:
    told = read_json(path, *_KEYS)
    drawn = read_meme(path.parent / "motifs.meme") if told["motifs"] else []
    control = told["control"]
    return {
        "name": path.parent.name,
        "target": told["target"],
        "page": os.path.relpath(path.parent / "explain.html", folder),
        "windows": f"{told['regions']['used']:,}",
        "found": len(told["motifs"]),
        "control": None if control is None else control["motifs"],
        "motifs": [
            {
                "logo": information_logo(motif),
                "match": one["match"] or "no known motif",
                "direction": "raises" if one["mean_contribution"] > 0 else "lowers",
                "seqlets": f"{one['seqlets']:,}",
            }
            for one, motif in list(zip(told["motifs"], drawn, strict=True))[:_SHOWN]
        ],
    }
