"""Labelled rows as examples: places in the tables, names, and labels."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seqmill.applications.application import ExamplesJob, LabelReport
from seqmill.errors import InputError, nearest
from seqmill.profiles.rows import FOLD, GROUP, LABEL, fold_names, read_written
from seqmill.shards.order import example_id
from seqmill.shards.schema import Encoding, arrow_schema

_TOGETHER = 8192


def row_batches(
    job: ExamplesJob, report: LabelReport, *, encoding: Encoding, labels: Sequence[str]
) -> Iterator[pa.RecordBatch]:
    """Give the rows of a sample that lie in the folds of the job.

    An example's contig is its fold, its start the number of its row among those of the sample, and its end
    one more.

    Parameters
    ----------
    job : ExamplesJob
        ``alignments`` is a table of rows, ``intervals`` are folds of one kind.
    report : LabelReport
        Filled with rows given, and for each label those without it.
    encoding : Encoding
        Columns as `seqmill.applications.profiled.columns.row_columns` gives them.
    labels : sequence of str
        Labels that are learnt; rows with none of them are left out and counted.

    Raises
    ------
    InputError
        When rows have no such label.
    """
    rows = read_written(job.alignments)
    for name in labels:
        if f"{LABEL}{name}" not in rows.schema.names:
            found = [one.removeprefix(LABEL) for one in rows.schema.names if one.startswith(LABEL)]
            raise InputError(
                f"{job.alignments}: no label '{name}'{nearest(name, found)}; found {', '.join(found)}. Name "
                "it under 'labels' in the plan of profiles"
            )
    names = fold_names(rows)
    kind = next(kind for kind, contigs in names.items() if job.intervals[0].contig in contigs)
    contigs = pc.take(pa.array(names[kind]), rows[f"{FOLD}{kind}"])
    wanted = pc.is_in(contigs, pa.array([one.contig for one in job.intervals]))
    there = np.any([~np.isnan(rows[f"{LABEL}{name}"].to_numpy()) for name in labels], axis=0)
    report.count("rows_dropped.no_label", int((~there & wanted.to_numpy()).sum()))
    table = pa.table(
        {
            "sample": pa.repeat(job.sample, rows.num_rows),
            "contig": contigs,
            "start": pa.array(np.arange(rows.num_rows, dtype=np.int32)),
            **{name: rows[name] for name in ("profile", "molecule", "profile_id", "molecule_id")},
            "group": rows[f"{GROUP}{kind}"],
            **{name: rows[f"{LABEL}{name}"] for name in labels},
        }
    ).filter(pc.and_(wanted, pa.array(there)))
    for batch in table.to_batches(max_chunksize=_TOGETHER):
        yield _encode(job, batch, encoding, report, labels)


def _encode(
    job: ExamplesJob, batch: pa.RecordBatch, encoding: Encoding, report: LabelReport, labels: Sequence[str]
) -> pa.RecordBatch:
    splits = [
        (job.splits.of(job.sample, contig) if job.splits else None) or "predict"
        for contig in batch["contig"].to_pylist()
    ]
    names = zip(batch["profile_id"].to_pylist(), batch["molecule_id"].to_pylist(), strict=True)
    for split in splits:
        report.label(split, "rows")
    for name in labels:
        report.count(f"missing.{name}", int(np.isnan(batch[name].to_numpy()).sum()))
    columns = {name: batch[name] for name in batch.schema.names} | {
        "example_id": pa.array([example_id(job.sample, *pair) for pair in names], pa.uint64()),
        "end": pc.add(batch["start"], pa.scalar(1, pa.int32())),
        "split": pa.array(splits),
        "weight": pa.array(np.ones(batch.num_rows, np.float32)),
    }
    schema = arrow_schema(encoding)
    return pa.RecordBatch.from_arrays(
        [columns[name].cast(schema.field(name).type) for name in schema.names], schema=schema
    )
