"""Call a new sample with a trained model and what was fitted with it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pysam
import pytorch_lightning as pl
import torch

from seqmill.applications.application import Application, find_application
from seqmill.applications.jobs import example_options
from seqmill.applications.scoring import PredictJob, SequenceJob
from seqmill.errors import InputError, nearest
from seqmill.evaluation.calibrated import Calibration, log_probabilities
from seqmill.evaluation.predictions import Predictor, logits
from seqmill.files import digest_json, read_json, sha256_file
from seqmill.genome.reference import Reference
from seqmill.origin import KEY, Node, file_node, header, place, this_step
from seqmill.reads.ready import ready_alignments
from seqmill.shards.schema import Encoding
from seqmill.training.checkpoint import load, origin


def predict_sample(
    checkpoint: Path,
    *,
    reads: Path,
    reference: Path,
    output: Path,
    regions: Path | None = None,
    all_positions: bool = False,
    sample: str | None = None,
    threads: int = 1,
) -> None:
    """Call a sample and write the application's file format.

    Parameters
    ----------
    checkpoint : Path
        A trained model, with ``calibration.json`` beside it.
    reads, reference, output : Path
        Sorted BAM or CRAM; the FASTA it was aligned to; the file to write.
    regions : Path, optional
        BED of the regions to call.
    all_positions : bool
        Whether positions without a call are told too.
    sample : str, optional
        Name of the sample; that of the first read group by default.
    threads : int
        How many threads may be used.

    Raises
    ------
    InputError
        When model, reads, reference or regions cannot be used together.
    """
    torch.set_num_threads(threads)
    module, facts, application, options, encoding = open_model(checkpoint)
    if application.predicts != "reads":
        raise InputError(
            f"{checkpoint}: a model of {application.name} predicts from {application.predicts} alone"
        )
    calibration = Calibration.beside(checkpoint, encoding=encoding.digest)
    predictor = Predictor(module, encoding)

    def score(batch: pa.RecordBatch) -> npt.NDArray[np.float64]:
        return log_probabilities(logits(pd.DataFrame(predictor.record_batch(batch))), calibration.temperature)

    with Reference(reference) as genome, ready_alignments(reads, genome) as usable:
        used = alignments_node(reads)
        parents = [
            origin(checkpoint, facts),
            used,
            file_node(reference, "reference", genome.checksum, of="bases"),
            *([file_node(regions, "regions", sha256_file(regions))] if regions else []),
        ]
        made = Node(kind="calls", name=output.name, step=this_step(), parents=tuple(parents))
        application.load("predict")(
            PredictJob(
                options=options,
                score=score,
                points=calibration.points,
                sample=sample or sample_name(usable, reference),
                alignments=usable,
                reference=reference,
                output=output,
                regions=regions,
                all_positions=all_positions,
                lineage={
                    "checkpoint": sha256_file(checkpoint),
                    "dataset": facts["dataset_digest"],
                    "reads": digest_json([used.digest]),
                    "reference": genome.checksum,
                    **header(made),
                },
                seed=calibration.seed,
                threads=threads,
            )
        )


def predict_sequence(
    checkpoint: Path,
    *,
    reference: Path,
    output: Path,
    contigs: Sequence[str] = (),
    regions: Path | None = None,
    threads: int = 1,
) -> None:
    """Predict from a genome's sequence alone and write the application's file format.

    Parameters
    ----------
    checkpoint : Path
        A trained model.
    reference, output : Path
        The FASTA; the file to write.
    contigs : sequence of str
        Contigs to predict; all unless given.
    regions : Path, optional
        BED of the regions to predict.
    threads : int
        How many threads may be used.

    Raises
    ------
    InputError
        When the model needs reads, or reference, contigs or regions cannot be used.
    """
    torch.set_num_threads(threads)
    module, facts, application, options, encoding = open_model(checkpoint)
    if application.predicts != "sequence":
        raise InputError(f"{checkpoint}: a model of {application.name} predicts from reads; give --reads")
    predictor = Predictor(module, encoding)
    with Reference(reference) as genome:
        for name in contigs:
            if name not in genome.contigs:
                raise InputError(f"{reference}: holds no contig '{name}'{nearest(name, genome.contigs)}")
        parents = [
            origin(checkpoint, facts),
            file_node(reference, "reference", genome.checksum, of="bases"),
            *([file_node(regions, "regions", sha256_file(regions))] if regions else []),
        ]
        made = Node(kind="prediction", name=output.name, step=this_step(), parents=tuple(parents))
        chosen = tuple(name for name in genome.contigs if not contigs or name in contigs)
        application.load("predict")(
            SequenceJob(
                options=options,
                predict=predictor.pieces,
                reference=reference,
                output=output,
                contigs=chosen,
                regions=regions,
                lineage={"checkpoint": sha256_file(checkpoint), "reference": genome.checksum, **header(made)},
            )
        )


class Model(NamedTuple):
    """A trained model with what it tells of itself, and its application's options and encoding."""

    module: pl.LightningModule
    facts: dict[str, Any]
    application: Application
    options: Any
    encoding: Encoding


def open_model(checkpoint: Path) -> Model:
    """Load a model whose encoding this program still writes.

    Raises
    ------
    InputError
        When it cannot be read, or was trained on another encoding.
    """
    module, facts = load(checkpoint)
    application = find_application(facts["application"])
    trained_on = Encoding.from_dict(facts["encoding"])
    options = example_options(application, trained_on.options, source=checkpoint)
    encoding = replace(application.encoding(options), tables=trained_on.tables)
    if encoding.digest != trained_on.digest:
        raise InputError(
            f"{checkpoint}: the model was trained on another encoding than this program writes: "
            f"{'; '.join(encoding.differences(trained_on))}; use version {facts['program_version']} of the "
            "program, which trained it, or train it again"
        )
    return Model(module, facts, application, options, encoding)


def alignments_node(reads: Path) -> Node:
    """Describe the reads; the read report beside staged ones tells what they were made of."""
    digest = sha256_file(reads)
    report = reads.with_suffix(".report.json")
    if report.is_file():
        told = read_json(report).get(KEY)
        staged = Node.from_dict(told, source=report) if told else None
        if staged is not None and staged.digest == digest:
            return replace(staged, path=place(reads))
    return file_node(reads, "reads", digest)


def sample_name(alignments: Path, reference: Path) -> str:
    """Give the sample of the first read group, or the file's name when there is none."""
    with pysam.AlignmentFile(str(alignments), reference_filename=str(reference)) as handle:
        groups = handle.header.to_dict().get("RG", [])
    named = [group["SM"] for group in groups if group.get("SM")]
    return named[0] if named else alignments.name.split(".")[0]
