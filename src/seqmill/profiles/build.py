"""Write the tables, the rows and the index of a dataset of profiles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from seqmill.errors import InputError
from seqmill.files import digest_json, sha256_file, write_json
from seqmill.privacy.keys import find_key
from seqmill.privacy.links import ending_of
from seqmill.privacy.pseudonyms import pseudonym
from seqmill.profiles.apart import check_relatives
from seqmill.profiles.join import join_table
from seqmill.profiles.paths import files_of
from seqmill.profiles.plan import ProfilesPlan, TablePlan
from seqmill.profiles.rows import check_folds, read_rows, write_rows
from seqmill.profiles.table import Table, write_table

INDEX = "profiles.json"
CANONICAL = "canonical"


def build_profiles(
    plan: ProfilesPlan, folder: Path, *, pseudonymous: bool = False, encrypted: bool = False
) -> dict[str, Any]:
    """Write tables, rows and index.

    These are ``profiles.parquet`` and ``molecules.parquet`` as far as they are planned, with
    ``TABLE.BLOCK.report.json`` for each block whose source tells how it was made; for each sample
    ``SAMPLE.rows.parquet`` and ``SAMPLE.report.json``, and at last ``profiles.json``. Nothing is written
    before all has been read.

    Parameters
    ----------
    plan : ProfilesPlan
        What they are made of.
    folder : Path
        Where the files go.
    pseudonymous : bool
        Whether samples and profiles get pseudonyms, as words of profiles do, under the key that the
        environment names. What is wrong with a file is then not told, since it may name a person.
    encrypted : bool
        Whether tables and rows are encrypted under that key.

    Returns
    -------
    dict
        Content of ``profiles.json``: ``tables`` with file, digests, number of rows, layout of the blocks,
        rows left out, and rows that are the molecule of an earlier one; ``samples`` with rows kept and left
        out; ``contigs``, the folds; ``checksum``, the digest of what the tables hold; ``relatives``, the
        pairs found where the plan asks for a check.

    Raises
    ------
    InputError
        As `join_table`, `read_rows`, `check_folds`, `check_relatives` and `find_key` do.
    """
    key = find_key() if pseudonymous or encrypted else None
    rename = partial(pseudonym, key) if pseudonymous else str
    renames: dict[str, Callable[[str], str]] = {"profiles": rename}
    with _untold(pseudonymous):
        joined = {
            name: join_table(table, name=name, rename=renames.get(name, str))
            for name, table in plan.tables.items()
        }
        tables = {name: one.table for name, one in joined.items()}
        rows = {rename(sample): read_rows(plan, sample, tables, rename=rename) for sample in plan.samples}
        check_folds(rows, plan)
    relatives = check_relatives(plan, tables, rows.values())
    folder.mkdir(parents=True, exist_ok=True)
    told = {}
    for name, (table, dropped, reports) in joined.items():
        for block, report in reports.items():
            write_json(folder / f"{name}.{block}.report.json", report)
        file = folder / f"{name}.parquet"
        write_table(file, table, encrypted=encrypted)
        told[name] = {
            "file": file.name,
            "sha256": sha256_file(file),
            "bytes": file.stat().st_size,
            "content": table.digest,
            "rows": len(table.ids),
            "layout": table.layout,
            "dropped": dropped,
            "reports": reports,
            "duplicates": _duplicates(plan.tables[name], table),
        }
    for sample, found in rows.items():
        file = folder / f"{sample}.rows.parquet"
        write_rows(file, found, plan, encrypted=encrypted)
        inputs = [one for row in plan.rows if rename(row.sample) == sample for one in files_of(row.path)]
        report = {
            "sample": sample,
            "mean_depth": 0.0,
            "contigs": {},
            "inputs": [
                {
                    "name": f"{sample}.{number}{ending_of(path)}" if pseudonymous else Path(path).name,
                    "sha256": sha256_file(path),
                }
                for number, path in enumerate(inputs, start=1)
            ],
            "rows": found.table.num_rows,
            "dropped": found.dropped,
        }
        write_json(folder / f"{sample}.report.json", report)
    index = {
        "tables": told,
        "samples": {name: {"rows": one.table.num_rows, "dropped": one.dropped} for name, one in rows.items()},
        "contigs": plan.contigs,
        "relatives": relatives,
        "checksum": digest_json({name: facts["content"] for name, facts in told.items()}),
    }
    write_json(folder / INDEX, index)
    return index


@contextmanager
def _untold(pseudonymous: bool) -> Iterator[None]:
    """Keep what a file of persons holds out of the message where persons have pseudonyms."""
    try:
        yield
    except InputError:
        if not pseudonymous:
            raise
        raise InputError(
            "profiles: a file cannot be used; what is wrong with it may name a person and is not told where "
            "logs are kept: call 'seqmill profiles' by hand without --pseudonyms to see it"
        ) from None


def _duplicates(plan: TablePlan, table: Table) -> int:
    """Count the rows that are the same molecule as an earlier one, by a canonical SMILES if there is one."""
    for name, text in plan.texts.items():
        if text.source == CANONICAL:
            words = [word for word in table.texts[name] if word]
            return len(words) - len(set(words))
    return 0
