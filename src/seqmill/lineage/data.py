"""The lineage of staged reads, parts and datasets, told by the steps that write them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.files import program_version, sha256_file
from seqmill.origin import KEY, Node, Step, file_node, placed, this_step


def reference_node(path: Path, checksum: str) -> Node:
    """Describe a reference by the checksum of its bases."""
    return file_node(path, "reference", checksum, of="bases")


def alignments_of(bam: Path, *, sample: str, inputs: Sequence[tuple[Path, str]], reference: Node) -> Node:
    """Describe staged alignments and the files that they were made of.

    Parameters
    ----------
    bam : Path
        The staged file; a link to one of the inputs is not digested again.
    sample : str
        Name of the sample.
    inputs : sequence of (Path, str)
        The files as delivered, each with its SHA-256.
    reference : Node
        The reference.
    """
    known = {path.resolve(): digest for path, digest in inputs}
    digest = known.get(bam.resolve()) or sha256_file(bam)
    reads = [file_node(path, "reads", sha256, sample=sample) for path, sha256 in inputs]
    return file_node(bam, "alignments", digest, sample=sample, step=this_step(), parents=(*reads, reference))


def peaks_of(table: Path, *, sample: str, alignments: Sequence[Node], reference: Node) -> Node:
    """Describe peaks, which stand for the reads of a sample, and the alignments that they were called from.

    Parameters
    ----------
    table : Path
        The staged peaks.
    sample : str
        Name of the sample.
    alignments : sequence of Node
        Those of the sample and of its control, as `told_by_report` gives them.
    reference : Node
        The reference.
    """
    made_of = (*alignments, reference)
    return file_node(
        table, "alignments", sha256_file(table), sample=sample, step=this_step(), parents=made_of
    )


def told_by_report(report: Mapping[str, Any], *, source: object) -> Node:
    """Give the alignments that a read report is about, with what they were made of."""
    if KEY in report:
        return Node.from_dict(report[KEY], source=source)
    sample = report.get("sample", "")
    reads = tuple(
        Node(kind="reads", name=one["name"], digest=one["sha256"], sample=sample)
        for one in report.get("inputs", ())
    )
    return Node(kind="alignments", name=f"{sample}.bam", sample=sample, parents=reads)


def part_of(
    *, sample: str, batch: int, plan: Path, alignments: Node, labels: Mapping[str, Path | None]
) -> Node:
    """Describe a part, without places: the same reads and labels give the same bytes anywhere.

    Parameters
    ----------
    sample, batch
        What of the dataset it holds.
    plan : Path
        The plan of the sample.
    alignments : Node
        Its reads, as `told_by_report` gives them; they are not digested again.
    labels : mapping
        Name -> file, of labels and of the dataset, that are used.
    """
    files = [
        file_node(path, kind, sha256_file(path), sample=sample)
        for kind, path in labels.items()
        if path is not None and path.is_file()
    ]
    made = Node(
        kind="part", name=f"{sample}, batch {batch}", sample=sample, parents=(alignments, *files)
    ).bare()
    command = f"seqmill examples --plan {plan.name} --sample {sample} --batch {batch}"
    return replace(made, step=Step(command=command, program=program_version()))


def dataset_of(
    name: str,
    parts: Sequence[tuple[Path, Node]],
    *,
    reports: Sequence[Node],
    labels: Mapping[str, Mapping[str, Any]],
    reference: Node,
) -> Node:
    """Describe a dataset; its digest is the manifest's.

    Parameters
    ----------
    name : str
        Name of the dataset.
    parts : sequence of (Path, Node)
        Parts that tell their lineage.
    reports : sequence of Node
        The alignments of each sample, from its read report, with places and commands.
    labels : mapping
        Sample -> kind -> where the labels' files lie.
    reference : Node
        The reference of the dataset.

    Raises
    ------
    InputError
        When parts of one sample were made from different reads or labels, or from other reads than its
        report tells of.
    """
    staged = {node.sample: node for node in reports}
    by_sample: dict[str, list[tuple[Path, Node]]] = {}
    for path, node in sorted(parts, key=lambda part: part[0]):
        by_sample.setdefault(node.sample, []).append((path, node))
    parents = []
    for sample in sorted(by_sample.keys() | staged.keys()):
        of_sample = by_sample.get(sample, [])
        if not of_sample:
            parents.append(staged[sample])
            continue
        _check_alike(of_sample, staged.get(sample))
        parents.append(_examples(of_sample, staged.get(sample), labels.get(sample, {})))
    return Node(kind="dataset", name=name, of="content", step=this_step(), parents=(*parents, reference))


def _examples(parts: Sequence[tuple[Path, Node]], staged: Node | None, places: Mapping[str, Any]) -> Node:
    """Give all parts of a sample as one, with the places that the parts do not tell."""
    first = parts[0][1]
    parents = []
    for node in first.parents:
        if node.kind == "alignments" and staged is not None:
            parents.append(staged)
        else:
            where = places.get(node.kind)
            parents.append(replace(node, **placed(where)) if where else node)
    assert first.step is not None
    batches = "0" if len(parts) == 1 else f"0..{len(parts) - 1}"
    command = re.sub(r"--batch \d+", f"--batch {batches}", first.step.command)
    return Node(
        kind="examples",
        name="examples",
        sample=first.sample,
        step=replace(first.step, command=command),
        parents=tuple(parents),
    )


def _check_alike(parts: Sequence[tuple[Path, Node]], staged: Node | None) -> None:
    """Refuse parts of one sample that were not made from the same files."""
    wanted = {node.kind: (node.digest, str(parts[0][0])) for node in parts[0][1].parents}
    if staged is not None and staged.digest:
        wanted["alignments"] = (staged.digest, f"the read report of {staged.sample}")
    for path, part in parts:
        for node in part.parents:
            digest, source = wanted.get(node.kind, ("", ""))
            if digest and node.digest and node.digest != digest:
                raise InputError(
                    f"{path}: made from {node.kind} {node.name} of sha256 {node.digest}, but {source} names "
                    f"sha256 {digest}; remove the part and build it again"
                )
