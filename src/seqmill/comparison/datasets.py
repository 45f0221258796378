"""What tells datasets apart: samples, contigs, options, reference, reads."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from seqmill.comparison.runs import Run
from seqmill.errors import InputError
from seqmill.files import digest_json
from seqmill.shards.manifest import Manifest

_SHOWN = 12


def manifests_of(runs: Sequence[Run], given: Sequence[Manifest]) -> dict[str, Manifest]:
    """Find the manifest of each dataset the runs were scored on, as digest -> manifest.

    A manifest that is not given is looked for where the run's configuration says; a dataset whose manifest
    is gone, or was written anew since, is left out.
    """
    found = {manifest.digest: manifest for manifest in given}
    for run in runs:
        if run.dataset_digest in found or not run.config:
            continue
        path = (yaml.safe_load(run.config).get("dataset") or {}).get("manifest")
        if path and Path(path).is_file():
            try:
                manifest = Manifest.load(Path(path))
            except InputError:
                continue
            if manifest.digest == run.dataset_digest:
                found[manifest.digest] = manifest
    wanted = {run.dataset_digest for run in runs}
    return {digest: manifest for digest, manifest in found.items() if digest in wanted}


def differences(first: Manifest, second: Manifest) -> list[tuple[str, str, str]]:
    """Say what differs between two datasets, as (what, in the first, in the second)."""
    rows = []
    for split in sorted({*first.splits, *second.splits}):
        for part in ("samples", "contigs"):
            sides = [sorted(manifest.splits.get(split, {}).get(part, ())) for manifest in (first, second)]
            if sides[0] != sides[1]:
                only = [_listed([name for name in one if name not in other]) for one, other in _both(sides)]
                rows.append((f"{split} {part}", *only))
    options = [dict(manifest.encoding.options) for manifest in (first, second)]
    rows += [
        (f"option {name}", *(str(of.get(name, "")) for of in options))
        for name in sorted({*options[0], *options[1]})
        if options[0].get(name) != options[1].get(name)
    ]
    if first.encoding.digest != second.encoding.digest:
        rows.append(("encoding digest", first.encoding.digest[:12], second.encoding.digest[:12]))
    checksums = [str(manifest.reference["checksum"]) for manifest in (first, second)]
    if checksums[0] != checksums[1]:
        rows.append(("reference checksum", *(checksum[:12] for checksum in checksums)))
    if first.seed != second.seed:
        rows.append(("seed", str(first.seed), str(second.seed)))
    for sample in sorted({*first.inputs} & {*second.inputs}):
        digests = [_input_digest(manifest.inputs[sample]) for manifest in (first, second)]
        if digests[0] != digests[1]:
            rows.append((f"reads or labels of {sample}", *digests))
    if first.program_version != second.program_version:
        rows.append(("written by seqmill", first.program_version, second.program_version))
    return rows


def in_words(manifests: Sequence[Manifest]) -> str:
    """Say what differs between datasets in a sentence for each two that follow each other."""
    said = []
    for first, second in pairwise(manifests):
        rows = differences(first, second)
        what = "; ".join(f"{name}: {one or 'none'} | {other or 'none'}" for name, one, other in rows[:_SHOWN])
        more = f"; and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        said.append(
            f"{first.dataset} ({first.digest[:12]}) | {second.dataset} ({second.digest[:12]}): {what}{more}"
        )
    return "\n".join(said)


def _both(sides: Sequence[list[str]]) -> list[tuple[list[str], list[str]]]:
    return [(sides[0], sides[1]), (sides[1], sides[0])]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:6])
    return shown + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _input_digest(files: Any) -> str:
    return digest_json([file["sha256"] for file in files])[:12]
