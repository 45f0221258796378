"""What the dataset and its reads look like: labels, truth reached, read reports."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from seqmill.comparison.numbers import NOTHING, percent
from seqmill.shards.manifest import Manifest

READ_REPORT = ("sample", "reads", "mapped", "duplicates", "mean_depth")
"""Keys that a read report has to hold to be shown."""

_REACHED, _MISSED = "truth_reached", "truth_missed"
_FIRST, _LAST = "train", "test"
_SPARK = (112, 22)


def label_view(manifest: Manifest, labels: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out the label report: classes by split, truth reached and missed, further counters."""
    classes = labels["classes"]
    names = sorted({name for of_split in classes.values() for name in of_split})
    splits = []
    for split in in_time(manifest.splits):
        members = manifest.splits[split]
        counts = [classes.get(split, {}).get(name, 0) for name in names]
        splits.append(
            {
                "name": split,
                "rows": f"{labels['rows'].get(split, 0):,}",
                "parts": [
                    {"name": name, "count": count, "shown": f"{count:,}"}
                    for name, count in zip(names, counts, strict=True)
                ],
                "counts": [f"{count:,}" for count in counts],
                "samples": _listed(members["samples"]),
                "contigs": _listed(members["contigs"]),
            }
        )
    reached, missed = truth_counts(labels)
    truth = sum(reached.values()) + sum(missed.values())
    return {
        "classes": _class_names(names, manifest),
        "splits": splits,
        "truth": f"{percent(sum(reached.values()), truth, 2)} of {truth:,} truth alleles" if truth else "",
        "reasons": [*_shares("reached", reached, truth), *_shares("missed", missed, sum(missed.values()))],
        "others": [
            (_words(name), f"{n:,}")
            for name, n in sorted(labels["counts"].items())
            if name.partition(".")[0] not in (_REACHED, _MISSED)
        ],
    }


def truth_counts(labels: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    """Give the truth alleles an example exists for, by kind, and those missed, by why."""
    found: dict[str, dict[str, int]] = {_REACHED: {}, _MISSED: {}}
    for name, n in labels["counts"].items():
        head, _, rest = name.partition(".")
        if head in found:
            found[head][rest] = n
    return found[_REACHED], found[_MISSED]


def in_time(splits: Iterable[str]) -> list[str]:
    """Sort splits by when they are used; unknown names come between training and test."""
    return sorted(splits, key=lambda split: (split == _LAST, split != _FIRST, split))


def reads_view(reports: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lay out the read reports, one row a sample."""
    rows = []
    shares = [depth_shares(report) for report in reports]
    deepest = max(map(len, shares), default=0)
    for report, of_sample in zip(reports, shares, strict=True):
        insert = (report.get("insert_size") or {}).get("median")
        rows.append(
            {
                "name": report["sample"],
                "reads": report["reads"],
                "reads_shown": f"{report['reads']:,}",
                "mapped": report["mapped"] / max(report["reads"], 1),
                "mapped_shown": percent(report["mapped"], report["reads"], 2),
                "duplicates": report["duplicates"] / max(report["reads"], 1),
                "duplicates_shown": percent(report["duplicates"], report["reads"], 2),
                "depth": report["mean_depth"],
                "depth_shown": f"{report['mean_depth']:.1f}",
                "insert": insert or "",
                "insert_shown": NOTHING if insert is None else f"{insert:.0f} bp",
                "spark": spark(of_sample, deepest),
                "mismatches": _listed(report.get("contig_mismatches") or ()),
            }
        )
    return rows


def depth_shares(report: Mapping[str, Any]) -> list[float]:
    """Give the share of reference bases at depth 0, 1, 2, ...; the deepest hundredth of a per cent is cut."""
    histogram = report.get("depth_histogram") or []
    total = sum(histogram)
    shares: list[float] = []
    for count in histogram:
        if sum(shares) > 0.9999:
            break
        shares.append(count / total if total else 0.0)
    return shares


def spark(shares: Sequence[float], deepest: int) -> Markup:
    """Draw shares as a small filled curve over depths up to `deepest`."""
    if not any(shares):
        return Markup("")
    width, height = _SPARK
    top = max(shares)
    step = width / max(deepest - 1, 1)
    points = " ".join(
        f"L{index * step:.1f} {height - height * value / top:.1f}" for index, value in enumerate(shares)
    )
    return Markup(
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' aria-hidden="true"><path d="M0 {height} {points} '
        f'L{step * (len(shares) - 1):.1f} {height}Z"/></svg>'
    )


def _shares(outcome: str, counts: Mapping[str, int], whole: int) -> list[dict[str, Any]]:
    return [
        {
            "outcome": outcome,
            "name": _words(f"{outcome}.{name}"),
            "count": f"{n:,}",
            "share": round(100 * n / max(whole, 1), 2),
        }
        for name, n in sorted(counts.items(), key=lambda one: -one[1])
    ]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(map(str, names[:6]))
    return shown + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _class_names(names: Sequence[str], manifest: Manifest) -> list[str]:
    """Put the label's name before classes that are numbers."""
    label = next((column.name for column in manifest.encoding.columns if column.label), "class")
    return [f"{label} {name}" if name.lstrip("-").isdigit() else name for name in names]


def _words(name: str) -> str:
    return name.rstrip(".").replace("_", " ").replace(".", ", ")
