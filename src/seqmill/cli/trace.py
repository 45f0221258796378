"""``seqmill trace``: what a file was made of, down to the reads."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from seqmill.lineage.verify import Checked


@click.command("trace")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--verify", "again", is_flag=True, help="Digest every file again that is still there.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a tree, with whole digests.")
def command(file: Path, again: bool, as_json: bool) -> int:
    """Show what FILE was made of, down to the reads.

    FILE is anything that seqmill wrote: calls (VCF), predictions, scored items, parts and shards (Parquet), a
    checkpoint, a manifest, a read report, staged alignments, metrics, or a report (HTML). It tells its
    lineage itself: no tracking store is needed, and the other files may be gone.

    \b
    Examples:
      seqmill trace results/demo/report.html
      seqmill trace results/demo/predict/eve.vcf.gz --verify
      seqmill trace results/demo/runs/pileup_cnn/seed-1/checkpoint.ckpt --json

    Exit code 0. With --verify, 1 when a file is not what it was; a missing one is named only.
    """  # noqa: D301
    import json

    from seqmill.lineage.places import Places
    from seqmill.lineage.read import read_lineage
    from seqmill.lineage.tree import draw_tree
    from seqmill.lineage.verify import CHANGED, MISSING, SAME, changed, verify

    root = read_lineage(file)
    checked = verify(root, Places(file)) if again else []
    wrong = changed(checked)
    if as_json:
        click.echo(
            json.dumps({"file": str(file), **root.to_dict(), "verified": [*map(_plain, checked)]}, indent=1)
        )
    else:
        click.echo(draw_tree(root, checked), nl=False)
        if again:
            counts = [
                (status, sum(one.status == status for one in checked)) for status in (SAME, CHANGED, MISSING)
            ]
            click.echo("\n" + ", ".join(f"{count} {status}" for status, count in counts))
    for one in wrong:
        click.echo(str(one), err=True)
    return int(bool(wrong))


def _plain(checked: "Checked") -> dict[str, str]:
    return {
        "name": checked.node.name,
        "kind": checked.node.kind,
        "path": str(checked.path or checked.node.path),
        "of": checked.node.of,
        "expected": checked.node.digest,
        "found": checked.found,
        "status": checked.status,
    }
