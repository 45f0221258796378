"""One caller's calls on a split, scored at any threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seqmill.applications.scoring import OperatingPoints, ScoreJob, Sweep
from seqmill.applications.small_variants.calls import KINDS, Call
from seqmill.applications.small_variants.export import write_vcf
from seqmill.applications.small_variants.labels import read_truth
from seqmill.applications.small_variants.score import item_keys, score_calls
from seqmill.applications.small_variants.scored_tables import supported_reads
from seqmill.genome.intervals import Regions, read_bed
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele, Variant
from seqmill.reads.depths import FULL

LEVELS = ("allele", "genotype", "exact")
COUNTS = tuple(f"{count}_{level}" for level in LEVELS for count in ("tp", "fp", "fn"))
NOT_SEEN = "none"

_FRACTIONS = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8)


@dataclass(frozen=True, kw_only=True)
class CallSet:
    """Calls of one sample at one depth, before any threshold.

    Attributes
    ----------
    sample, depth : str
        Name of the sample; nominal depth, ``full`` or a number.
    variants : sequence of Variant
        Calls with genotype and quality.
    calls : sequence of Call
        The same as a model gives them, for the call file; empty for another caller.
    """

    sample: str
    depth: str
    variants: Sequence[Variant]
    calls: Sequence[Call] = field(default=())


def depth_label(depth: str) -> str:
    """Give a nominal depth as it is named in cells and files: ``full``, or such as ``10x``."""
    return depth if depth == FULL else f"{depth}x"


def split_sets(job: ScoreJob) -> list[tuple[str, str]]:
    """List the (sample, nominal depth) of a split, in the order of the plan."""
    samples = job.plan["splits"][job.split]["samples"]
    return [(sample, str(depth)) for sample in samples for depth in job.plan["depths"][sample]]


def scored_regions(job: ScoreJob, sample: str) -> Regions:
    """Give the confident regions of a sample on the contigs of the split."""
    contigs = set(job.plan["splits"][job.split]["contigs"])
    confident = read_bed(job.plan["samples"][sample]["confident"])
    return Regions(interval for interval in confident if interval.contig in contigs)


def coverage(examples: pd.DataFrame) -> float:
    """Give the coverage that a table of examples was made at: the median over likely variants."""
    counted = supported_reads(examples["reads"].to_numpy(), examples["support"].to_numpy())
    return float(np.median(counted)) if len(counted) else 0.0


def kind_of(variant: Variant) -> str:
    """``snp`` when every allele of the genotype keeps the length, else ``indel``."""
    carried = [alt for number, alt in enumerate(variant.alts, 1) if variant.copies(number)] or variant.alts
    return "snp" if all(len(alt) == len(variant.ref) for alt in carried) else "indel"


class CallScorer:
    """Scores call sets against the truth by haplotype replay; see `seqmill.applications.scoring.Scorer`.

    Parameters
    ----------
    job : ScoreJob
        The split.
    sets : sequence of CallSet
        One for each sample and nominal depth of the split.
    """

    averages_cells = False

    def __init__(self, job: ScoreJob, sets: Sequence[CallSet]) -> None:
        self._job = job
        self._sets = sets
        self._reference = Reference(job.plan["reference"])
        self._conditions: Mapping[str, Any] = job.plan.get("evaluation", {}).get("conditions", {})
        examples = job.examples.groupby(["sample", "depth"])
        self._examples = {key: table for key, table in examples}
        self._coverage = {
            (one.sample, one.depth): coverage(self._examples_of(one.sample, one.depth)) for one in sets
        }
        self._truth = {
            sample: self._read_truth(sample) for sample in dict.fromkeys(one.sample for one in sets)
        }

    def sweeps(self) -> list[Sweep]:
        """Score all calls once, without a threshold; one sweep a sample, depth and type."""
        sweeps = []
        for one in self._sets:
            scored = self._score(one, one.variants)
            for kind in self._kinds(one.sample):
                rows = scored[scored["kind"] == kind]
                called = rows[rows["quality"].notna()]
                sweeps.append(
                    Sweep(
                        cell=self._cell(one, kind),
                        kind=kind,
                        depth=one.depth,
                        coverage=self._coverage[one.sample, one.depth],
                        quality=called["quality"].to_numpy(np.float64),
                        correct={level: called[level].to_numpy(bool) for level in LEVELS},
                        truths=int((rows["side"] == "truth").sum()),
                    )
                )
        return _pooled(sweeps)

    def items(self, points: OperatingPoints) -> pd.DataFrame:
        """Score the calls at or above their thresholds, one row a truth allele or a false call."""
        tables = []
        for one in self._sets:
            least = {kind: self._threshold(one, kind, points) for kind in KINDS}
            kept = [
                variant for variant in one.variants if (variant.quality or 0.0) >= least[kind_of(variant)]
            ]
            scored = self._score(one, kept)
            scored = scored[scored["kind"].isin(self._kinds(one.sample))].reset_index(drop=True)
            fractions = self._fractions(one)
            places = zip(*(scored[name] for name in ("contig", "start", "ref", "alt")), strict=True)
            tables.append(
                pd.DataFrame(
                    {
                        "item": item_keys(one.sample, scored),
                        "cell": [self._cell(one, kind) for kind in scored["kind"]],
                        "sample": one.sample,
                        **{
                            name: scored[name]
                            for name in ("contig", "start", "ref", "alt", "kind", "quality")
                        },
                        **{name: scored[name] for name in COUNTS},
                        "depth": depth_label(one.depth).rjust(4, "0") if one.depth != FULL else FULL,
                        **{name: scored[name] for name in ("indel_length", "homopolymer")},
                        "allele_fraction": [fractions.get(place, NOT_SEEN) for place in places],
                    }
                )
            )
        return pd.concat(tables, ignore_index=True)

    def threshold(self, cell: str, points: OperatingPoints) -> float:
        """Give the threshold in use in a cell; the mean where its samples differ in coverage."""
        inside = [
            self._threshold(one, kind, points)
            for one in self._sets
            for kind in self._kinds(one.sample)
            if self._cell(one, kind) == cell
        ]
        return float(np.mean(inside))

    def export(self, folder: Path, points: OperatingPoints) -> list[Path]:
        """Write ``calls/SAMPLE.DEPTH.vcf.gz`` for each call set, or ``calls.vcf.gz`` when there is one."""
        written = []
        for one in self._sets:
            if not one.calls:
                continue
            path = folder / "calls.vcf.gz"
            if len(self._sets) > 1:
                path = folder / "calls" / f"{one.sample}.{depth_label(one.depth)}.vcf.gz"
            least = {kind: self._threshold(one, kind, points) for kind in KINDS}
            write_vcf(
                path,
                one.calls,
                sample=one.sample,
                contigs=self._reference.contigs,
                lineage={**self._job.lineage, "reads": self._job.reads[one.sample], "depth": one.depth},
                passes=lambda call, least=least: call.quality >= least[call.kind],
            )
            written.append(path)
        return written

    def further(self) -> list[dict[str, Any]]:
        """Give no further metrics."""
        return []

    @cached_property
    def _regions(self) -> dict[str, Regions]:
        return {sample: scored_regions(self._job, sample) for sample in self._truth}

    def _read_truth(self, sample: str) -> list[Variant]:
        facts = self._job.plan["samples"][sample]
        truth = read_truth(Path(facts["truth"]), Path(facts["confident"]), self._reference, sample)
        regions = scored_regions(self._job, sample)
        return [one for one in truth.variants if regions.overlaps(one.contig, one.start, one.end)]

    def _score(self, one: CallSet, variants: Sequence[Variant]) -> pd.DataFrame:
        return score_calls(
            self._truth[one.sample], variants, self._reference, confident=self._regions[one.sample]
        )

    def _kinds(self, sample: str) -> Sequence[str]:
        return self._conditions.get(self._job.condition_of(sample), {}).get("types", KINDS)

    def _cell(self, one: CallSet, kind: str) -> str:
        return f"{self._job.condition_of(one.sample)}.{depth_label(one.depth)}.{kind}"

    def _examples_of(self, sample: str, depth: str) -> pd.DataFrame:
        return self._examples.get((sample, depth), self._job.examples.iloc[:0])

    def _threshold(self, one: CallSet, kind: str, points: OperatingPoints) -> float:
        fixed = self._conditions.get(self._job.condition_of(one.sample), {}).get("quality")
        if fixed is not None:
            return float(fixed)
        return points.quality(kind, self._coverage[one.sample, one.depth])

    def _fractions(self, one: CallSet) -> dict[tuple[str, int, str, str], str]:
        """Share of the reads with each candidate allele, as a stratum; the same for every caller."""
        table = self._examples_of(one.sample, one.depth)
        share = (table["support"] / table["reads"].clip(lower=1)).to_numpy()
        edges = (0.0, *_FRACTIONS, 1.0)
        names = [f"{low:.1f}-{high:.1f}" for low, high in pairwise(edges)]
        strata = [names[index] for index in np.digitize(share, _FRACTIONS)]
        alleles = zip(*(table[name] for name in ("contig", "start", "ref", "alt")), strict=True)
        return dict(zip((Allele(*allele) for allele in alleles), strata, strict=True))


def _pooled(sweeps: Sequence[Sweep]) -> list[Sweep]:
    """Join the sweeps of samples that share a cell."""
    cells: dict[str, list[Sweep]] = {}
    for sweep in sweeps:
        cells.setdefault(sweep.cell, []).append(sweep)
    return [
        Sweep(
            cell=cell,
            kind=pool[0].kind,
            depth=pool[0].depth,
            coverage=float(np.mean([sweep.coverage for sweep in pool])),
            quality=np.concatenate([sweep.quality for sweep in pool]),
            correct={level: np.concatenate([sweep.correct[level] for sweep in pool]) for level in LEVELS},
            truths=sum(sweep.truths for sweep in pool),
        )
        for cell, pool in cells.items()
    ]
