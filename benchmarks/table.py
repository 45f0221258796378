"""Print what ``make bench`` measured as one table; ``--document`` puts it into the pages of docs/."""

import argparse
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import cluster
import cost
from harness import Claim, figure

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
DOCS = HERE.parent / "docs"
HEADER = ("claim", "ours", "peer", "ratio", "goal", "met", "command")


def rows(results: dict[str, Any]) -> list[tuple[str, ...]]:
    """Give the cells of the table, one row for each claim, `HEADER` left out."""
    found = []
    for entry in results["claims"]:
        one = Claim(**{field.name: entry[field.name] for field in fields(Claim)})
        peer = f"{one.peer_name}: {figure(one.peer)}" if one.peer is not None else one.peer_name
        found.append(
            (
                one.text + (f" ({one.note})" if one.note else ""),
                f"{figure(one.ours)} {one.unit}",
                peer,
                "-" if one.ratio is None else f"{one.ratio:.3g}x",
                one.bound(),
                {True: "yes", False: "NO", None: "-"}[one.met],
                entry["command"],
            )
        )
    return found


def plain(lines: list[tuple[str, ...]]) -> str:
    """Give aligned columns."""
    everything = [HEADER, *lines]
    widths = [max(len(line[column]) for line in everything) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in everything
    )


def markdown(results: dict[str, Any]) -> str:
    """Give the table and where it was measured, as Markdown."""
    machine = results["machine"]
    loads = [entry["load"] for entry in results["claims"]]
    commits = sorted({entry["commit"] for entry in results["claims"]})
    lines = [
        f"{machine['cpu']}, {machine['cpus']} allotted CPUs under a load of {min(loads)} to {max(loads)}, "
        f"{results['date']}, commit {', '.join(commits)}{' with changes' if results['changed'] else ''}; "
        + ", ".join(f"{name} {version}" for name, version in results["versions"].items())
        + ".",
        "",
        f"| {' | '.join(HEADER)} |",
        "|" + "---|" * len(HEADER),
    ]
    for *cells, command in rows(results):
        lines.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} | `{command}` |")
    lines += [f"\n{failure}" for failure in results["failures"]]
    return "\n".join(lines)


def into_document(document: Path, contents: dict[str, str]) -> None:
    """Replace what stands between the marks of a document, by the marks' name."""
    text = document.read_text()
    for mark, content in contents.items():
        begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{content}\n{end}{rest.split(end)[1]}"
    document.write_text(text)


def into_documents(results: dict[str, Any], folder: Path) -> None:
    """Put the table and what follows from it into the pages of a folder."""
    measured = {"measured": markdown(results), "cost": cost.markdown(results)}
    into_document(folder / "performance.md", measured)
    into_document(folder / "scaling.md", {"cohorts": cluster.markdown(results)})


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Print what was measured.")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument(
        "--document", action="store_true", help="put it into docs/performance.md and scaling.md"
    )
    options = parser.parse_args()
    results = json.loads(options.results.read_text())
    if options.document:
        into_documents(results, DOCS)
    else:
        print(plain(rows(results)))


if __name__ == "__main__":
    main()
