"""Write the tables, the rows and the index of a dataset of profiles."""

from pathlib import Path
from typing import Any

from seqmill.files import digest_json, sha256_file, write_json
from seqmill.profiles.join import join_table
from seqmill.profiles.paths import files_of
from seqmill.profiles.plan import ProfilesPlan, TablePlan
from seqmill.profiles.rows import check_folds, read_rows, write_rows
from seqmill.profiles.table import Table, write_table

INDEX = "profiles.json"
CANONICAL = "canonical"


def build_profiles(plan: ProfilesPlan, folder: Path) -> dict[str, Any]:
    """Write tables, rows and index.

    These are ``profiles.parquet`` and ``molecules.parquet`` as far as they are planned, for each sample
    ``SAMPLE.rows.parquet`` and ``SAMPLE.report.json``, and at last ``profiles.json``. Nothing is written
    before all has been read.

    Parameters
    ----------
    plan : ProfilesPlan
        What they are made of.
    folder : Path
        Where the files go.

    Returns
    -------
    dict
        Content of ``profiles.json``: ``tables`` with file, digests, number of rows, layout of the blocks,
        rows left out, and rows that are the molecule of an earlier one; ``samples`` with rows kept and left
        out; ``contigs``, the folds; ``checksum``, the digest of what the tables hold.

    Raises
    ------
    InputError
        As `join_table`, `read_rows` and `check_folds` do.
    """
    joined = {name: join_table(table, name=name) for name, table in plan.tables.items()}
    tables = {name: table for name, (table, _) in joined.items()}
    rows = {sample: read_rows(plan, sample, tables) for sample in plan.samples}
    check_folds(rows, plan)
    folder.mkdir(parents=True, exist_ok=True)
    told = {}
    for name, (table, dropped) in joined.items():
        file = folder / f"{name}.parquet"
        write_table(file, table)
        told[name] = {
            "file": file.name,
            "sha256": sha256_file(file),
            "bytes": file.stat().st_size,
            "content": table.digest,
            "rows": len(table.ids),
            "layout": table.layout,
            "dropped": dropped,
            "duplicates": _duplicates(plan.tables[name], table),
        }
    for sample, found in rows.items():
        file = folder / f"{sample}.rows.parquet"
        write_rows(file, found, plan)
        inputs = [one for row in plan.rows if row.sample == sample for one in files_of(row.path)]
        report = {
            "sample": sample,
            "mean_depth": 0.0,
            "contigs": {},
            "inputs": [{"name": Path(path).name, "sha256": sha256_file(path)} for path in inputs],
            "rows": found.table.num_rows,
            "dropped": found.dropped,
        }
        write_json(folder / f"{sample}.report.json", report)
    index = {
        "tables": told,
        "samples": {name: {"rows": one.table.num_rows, "dropped": one.dropped} for name, one in rows.items()},
        "contigs": plan.contigs,
        "checksum": digest_json({name: facts["content"] for name, facts in told.items()}),
    }
    write_json(folder / INDEX, index)
    return index


def _duplicates(plan: TablePlan, table: Table) -> int:
    """Count the rows that are the same molecule as an earlier one, by a canonical SMILES if there is one."""
    for name, text in plan.texts.items():
        if text.source == CANONICAL:
            words = [word for word in table.texts[name] if word]
            return len(words) - len(set(words))
    return 0
