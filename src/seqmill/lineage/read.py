"""The lineage of any file that the package wrote."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from seqmill.applications.jobs import open_reference
from seqmill.errors import InputError
from seqmill.files import read_json, sha256_file
from seqmill.origin import Node

_KINDS = {
    ".vcf": "calls",
    ".vcf.gz": "calls",
    ".parquet": "table",
    ".ckpt": "checkpoint",
    ".html": "page",
    ".bam": "alignments",
    ".json": "document",
}


def read_lineage(path: Path) -> Node:
    """Give what a file says that it was made of.

    Parameters
    ----------
    path : Path
        VCF, Parquet, checkpoint, manifest, read report, staged BAM, metrics or other JSON, or report.

    Raises
    ------
    InputError
        When there is no such file, it is of no known kind, is damaged, or holds no lineage.
    """
    return _reader(path).read(path)  # type: ignore[no-any-return]


def digest_of(path: Path, of: str) -> str:
    """Digest a file that is there, as lineage digests it.

    Parameters
    ----------
    path : Path
        The file.
    of : str
        See `seqmill.origin.Node`.

    Raises
    ------
    InputError
        When the file cannot be read as what it was.
    """
    if of == "bytes":
        return sha256_file(path)
    if of == "bases":
        with open_reference(path) as reference:
            return reference.checksum
    return _reader(path).digest(path)  # type: ignore[no-any-return]


def _reader(path: Path) -> ModuleType:
    if path.is_dir():
        raise InputError(f"{path}: a folder; name a file in it, such as metrics.json or checkpoint.ckpt")
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    name = next((kind for ending, kind in _KINDS.items() if path.name.endswith(ending)), "")
    if not name:
        raise InputError(f"{path}: no kind of file that tells its lineage; those end in {', '.join(_KINDS)}")
    if name == "document":
        content = read_json(path)
        name = "manifest" if isinstance(content, dict) and "shards" in content else name
    return import_module(f"seqmill.lineage.kinds.{name}")
