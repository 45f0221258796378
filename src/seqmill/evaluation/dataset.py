"""A dataset to score on: its plan, its examples and the jobs over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seqmill.applications.application import Application, find_application
from seqmill.applications.scoring import ScoreJob
from seqmill.errors import InputError
from seqmill.files import digest_json, read_json, sha256_file
from seqmill.origin import Node, file_node
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest

_ROWS = 1 << 16

SPLITS = ("validation", "test")
"""What is scored: thresholds are chosen on the first and used on the second."""


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A dataset to score on: its plan, manifest and application, and the file of the plan if it has one."""

    plan: Mapping[str, Any]
    manifest: Manifest
    application: Application
    plan_file: Path | None = None

    @classmethod
    def open(cls, plan: Path, manifest: Path) -> "Dataset":
        """Read plan and manifest.

        Raises
        ------
        InputError
            When one is missing, or they belong to different datasets.
        """
        if not plan.is_file():
            raise InputError(f"{plan}: no such dataset plan; give the JSON file the dataset was built from")
        content = read_json(plan, "dataset", "depths", "reference", "samples", "seed", "splits")
        held = Manifest.load(manifest, verify="digests")
        if content["dataset"] != held.dataset:
            raise InputError(
                f"{plan}: plan of dataset '{content['dataset']}' found, '{held.dataset}' wanted by {manifest}"
            )
        application = find_application(held.encoding.application).under(held.encoding.options)
        return cls(plan=content, manifest=held, application=application, plan_file=plan)

    @property
    def origins(self) -> list[Node]:
        """The dataset and its plan, for the lineage of what is scored on it."""
        if self.plan_file is None:
            return [self.manifest.origin]
        return [self.manifest.origin, file_node(self.plan_file, "plan", sha256_file(self.plan_file))]

    def job(self, split: str, lineage: Mapping[str, str], **more: Any) -> ScoreJob:
        """Describe the scoring of one split."""
        reads = {
            sample: digest_json([file["sha256"] for file in files])
            for sample, files in self.manifest.inputs.items()
        }

        def read(split: str, payloads: Sequence[str]) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
            return read_payloads(self.manifest, split, payloads, threads=more.get("threads", 1))

        made = {"dataset": self.manifest.digest, "reference": self.manifest.reference["checksum"]}
        return ScoreJob(
            plan=self.plan,
            split=split,
            lineage={**made, **lineage},
            reads=reads,
            read=read,
            tables=self.manifest.table_paths(),
            **more,
        )


def read_examples(manifest: Manifest, split: str, *, threads: int) -> pd.DataFrame:
    """Read every example of a split without its payload, a row each in stored order."""
    return read_payloads(manifest, split, (), threads=threads)[0]


def read_payloads(
    manifest: Manifest, split: str, payloads: Sequence[str], *, threads: int
) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """Read every example of a split, a row each in stored order, and some payloads, uint8 [rows, width]."""
    stored = [column.name for column in manifest.encoding.all_columns if not column.is_payload]
    columns = [*stored, *payloads]
    loader = Loader(
        manifest, split, batch_size=_ROWS, seed=0, shuffle=False, columns=columns, threads=threads
    )
    tables, held = [], {name: [] for name in payloads}
    for batch in loader.epoch(0):
        tables.append(pd.DataFrame({name: batch[name] for name in stored}))
        for name in payloads:
            held[name].append(batch[name])
    return (
        pd.concat(tables, ignore_index=True),
        {name: np.concatenate(blocks) for name, blocks in held.items()},
    )
