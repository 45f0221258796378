"""Score a classical or trivial caller on the very items of the models."""

import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from seqmill.applications.application import load_object
from seqmill.applications.jobs import open_reference
from seqmill.errors import InputError, nearest
from seqmill.evaluation.coverage import conformal_results
from seqmill.evaluation.dataset import SPLITS, Dataset, read_examples
from seqmill.evaluation.operating_points import choose_points
from seqmill.evaluation.results import write_results
from seqmill.origin import Node, header, this_step
from seqmill.reads.ready import ready_alignments


def evaluate_baseline(
    name: str, dataset: Dataset, *, alignments: Mapping[str, Path], output: Path, threads: int = 1
) -> dict[str, Any]:
    """Call validation and test with a baseline and score it exactly as the models are.

    Parameters
    ----------
    name : str
        A baseline of the application.
    dataset : Dataset
        What to score on.
    alignments : mapping
        Sample -> indexed alignments, for every sample of the two splits.
    output : Path
        Folder for ``items.parquet``, ``metrics.json``, ``curves.json`` and ``calls/``.
    threads : int
        How many threads the caller may use.

    Raises
    ------
    InputError
        When there is no such baseline, its program is not installed, or alignments are missing.
    """
    offered = dataset.application.baselines
    if name not in offered:
        raise InputError(
            f"baseline '{name}': not offered by {dataset.application.name}{nearest(name, offered)}; "
            f"choose one of: {', '.join(sorted(offered))}"
        )
    splits = dataset.plan["splits"]
    missing = sorted({s for split in SPLITS for s in splits[split]["samples"]} - set(alignments))
    if missing:
        raise InputError(
            f"--alignments: none for {', '.join(missing)}; give SAMPLE=FILE for each sample of "
            f"{' and '.join(SPLITS)}"
        )
    with (
        tempfile.TemporaryDirectory(prefix="seqmill-baseline-") as folder,
        open_reference(Path(dataset.plan["reference"])) as reference,
        ExitStack() as opened,
    ):
        usable = {
            sample: opened.enter_context(ready_alignments(path, reference))
            for sample, path in alignments.items()
        }
        calls = Node(kind="calls", name=name, step=this_step(), parents=tuple(dataset.origins))
        scorers = {}
        for split in SPLITS:
            scratch = Path(folder) / split
            scratch.mkdir()
            job = dataset.job(
                split,
                {"caller": name, **header(calls)},
                examples=read_examples(dataset.manifest, split, threads=threads),
                alignments=usable,
                scratch=scratch,
                threads=threads,
            )
            scorers[split] = load_object(offered[name])(job)
        points = choose_points(scorers["validation"].sweeps())
        return write_results(
            output,
            scorers["test"],
            points,
            dataset=dataset,
            run=name,
            experiment=name,
            seed=None,
            extra=[*scorers["test"].further(), *conformal_results(scorers, points, dataset)[1]],
            bound=name in dataset.application.bounds,
        )
