"""Staged alignments and their read report."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.files import read_json
from seqmill.lineage.data import told_by_report
from seqmill.origin import Node, place

REPORT = ".report.json"


def read(path: Path) -> Node:
    """Give the lineage of a staged BAM, which the read report beside it tells."""
    report = path.with_suffix(REPORT)
    if not report.is_file():
        raise InputError(
            f"{path}: alignments tell their lineage through their read report, but there is no {report.name} "
            "beside them; stage them with 'seqmill reads'"
        )
    return replace(told_by_report(read_json(report), source=report), name=path.name, path=place(path))


def of_report(path: Path, content: Mapping[str, Any]) -> Node:
    """Give the lineage of a read report: the alignments that it is about."""
    staged = told_by_report(content, source=path)
    return Node(
        kind="read report",
        name=path.name,
        path=place(path),
        sample=staged.sample,
        step=staged.step,
        parents=(staged,),
    )
