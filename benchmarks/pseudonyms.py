"""What pseudonyms and encryption cost: records of a BAM renamed, and row groups read that were encrypted."""

import hashlib
import os
import tempfile
from pathlib import Path

import pysam
from harness import Case, Claim, claim, main, measure

KEY = bytes(range(16))
SECRET = "0f" * 32
LEVEL = 2


def _looped(source: Path, target: Path) -> None:
    """Rename reads and set their group as one would by hand."""
    with pysam.AlignmentFile(str(source)) as reads:
        options = [f"level={LEVEL}".encode()]
        with pysam.AlignmentFile(str(target), "wb", template=reads, format_options=options) as out:
            for read in reads.fetch(until_eof=True):
                name = hashlib.blake2b(read.query_name.encode(), key=KEY, digest_size=10)
                read.query_name = name.hexdigest()
                read.set_tag("RG", "p1.1")
                out.write(read)


def _viewed(source: Path, target: Path) -> None:
    level = f"level={LEVEL}"
    pysam.view("-b", "-o", str(target), "--output-fmt-option", level, str(source), catch_stdout=False)


def _renaming(folder: Path, quick: bool) -> list[Claim]:
    from inputs import thirty_fold_bam

    from seqmill.reads.pseudonymised import pseudonymise

    source = thirty_fold_bam(1)
    with pysam.AlignmentFile(str(source)) as handle:
        header, count = handle.header.to_dict(), handle.count(until_eof=True)
    target = folder / "out.bam"
    cases = [
        Case("ours", lambda: pseudonymise(source, header, target, sample="p1", key=KEY)),
        Case("samtools view", lambda: _viewed(source, target)),
        Case("pysam loop", lambda: _looped(source, target)),
    ]
    best = measure(cases, rounds=1 if quick else 5)
    return [
        claim(
            f"pseudonymise_{name.partition(' ')[0]}",
            "Reads of a BAM renamed, its header reduced",
            ours=count / best["ours"],
            peer=count / best[name],
            peer_name=name,
            goal=goal,
            unit="reads/s",
        )
        for name, goal in (("samtools view", 0.5), ("pysam loop", 1.0))
    ]


def _reading(folder: Path, quick: bool) -> list[Claim]:
    import numpy as np
    import pyarrow as pa

    from seqmill.shards.parquet import open_file, open_writer
    from seqmill.shards.schema import Column, Encoding, arrow_schema

    os.environ["SEQMILL_KEY"] = SECRET
    encoding = Encoding(application="x", version=1, options={}, columns=(Column("data", "fixed", size=2000),))
    rows, groups = 2048, 2 if quick else 20
    draw = np.random.default_rng(1)
    files = {}
    for encrypted in (False, True):
        files[encrypted] = folder / f"{encrypted}.parquet"
        with open_writer(files[encrypted], encoding, encrypted=encrypted) as writer:
            for _ in range(groups):
                columns = {
                    field.name: pa.array(np.zeros(rows), field.type)
                    if pa.types.is_primitive(field.type)
                    else pa.array(["x"] * rows, field.type)
                    for field in arrow_schema(encoding)
                    if field.name != "data"
                }
                noise = draw.integers(0, 8, (rows, 2000), np.uint8)
                columns["data"] = pa.array([row.tobytes() for row in noise], pa.binary(2000))
                writer.write_table(pa.table(columns, schema=arrow_schema(encoding)))

    def read(path: Path) -> None:
        with open_file(path) as file:
            footer = file.metadata
        for group in range(groups):
            with open_file(path, footer) as file:
                file.read_row_group(group, use_threads=False)

    best = measure(
        [Case("encrypted", lambda: read(files[True])), Case("plain", lambda: read(files[False]))],
        rounds=1 if quick else 5,
    )
    return [
        claim(
            "encrypted_shards",
            "Rows of 2 kB read from encrypted shards",
            ours=rows * groups / best["encrypted"],
            peer=rows * groups / best["plain"],
            peer_name="plain shards",
            goal=0.8,
            unit="rows/s",
        )
    ]


def claims(*, quick: bool) -> list[Claim]:
    """Rename the reads of a megabase at 30x; read shards that are encrypted and that are not."""
    with tempfile.TemporaryDirectory() as folder:
        return [*_renaming(Path(folder), quick), *_reading(Path(folder), quick)]


if __name__ == "__main__":
    main(claims)
