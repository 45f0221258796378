"""Explain a checkpoint over regions of a genome, and write all that was found."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from seqmill.applications.sequence import SequenceModel
from seqmill.errors import InputError, nearest
from seqmill.files import sha256_file, write_json
from seqmill.genome.meme import read_meme, write_meme
from seqmill.genome.motif import Motif
from seqmill.genome.reference import Reference
from seqmill.interpretation.control import randomised
from seqmill.interpretation.examples import split_regions
from seqmill.interpretation.explained import DISCOVERIES, METHODS, Explained, explain_windows
from seqmill.interpretation.insertion import write_insertions
from seqmill.interpretation.kmers import write_kmers
from seqmill.interpretation.matching import write_matches
from seqmill.interpretation.model import open_model, output_index
from seqmill.interpretation.page import write_page
from seqmill.interpretation.regions import Regions, bed_regions, lay_windows
from seqmill.interpretation.tracks import write_contributions, write_instances
from seqmill.origin import Node, file_node, stamped
from seqmill.shards.manifest import Manifest
from seqmill.training.checkpoint import origin

TESTED = "test"
"""Split whose examples are explained where no regions are named."""

SIGNIFICANT = 0.05
"""q-value up to which a motif counts as named."""


def explain(
    checkpoint: Path,
    *,
    reference: Path,
    regions: Path | None = None,
    manifest: Path | None = None,
    output_dir: Path,
    motifs: Path | None = None,
    insert: Sequence[str] = (),
    target: str | None = None,
    method: str = METHODS[0],
    discovery: str = DISCOVERIES[0],
    control: bool = True,
    most: int | None = None,
    seed: int = 1,
    threads: int = 1,
) -> dict[str, Any]:
    """Explain one output of a model and write motifs, instances, contributions, tables and a page.

    Parameters
    ----------
    checkpoint, reference : Path
        A model that reads sequence; FASTA of the genome.
    regions, manifest : Path, optional
        BED of the regions to explain, or the manifest of a dataset whose test split's examples are explained:
        one of them.
    output_dir : Path
        Folder of the files.
    motifs : Path, optional
        Known motifs in MEME format.
    insert : sequence of str
        Names among them to set into backgrounds.
    target : str, optional
        Name of the output; the first by default.
    method : str
        One of `seqmill.interpretation.explained.METHODS`.
    discovery : str
        One of `seqmill.interpretation.explained.DISCOVERIES`.
    control : bool
        Whether the same is done with randomised weights.
    most : int, optional
        Windows to use at most; more are drawn from.
    seed, threads : int
        Seed of all that is drawn; threads to use.

    Returns
    -------
    dict
        What ``explain.json`` holds.

    Raises
    ------
    InputError
        When model, reference, regions or motifs cannot be used together.
    """
    torch.set_num_threads(threads)
    database = read_meme(motifs) if motifs else []
    inserted = _named(database, insert, motifs)
    model, facts = open_model(checkpoint)
    output = output_index(model, target)
    with Reference(reference) as genome:
        asked, told_by = _asked(regions, manifest, genome, stranded=not model.both_strands)
        windows = lay_windows(asked, genome, model.length, most=most, seed=seed)
        parents = (
            origin(checkpoint, facts),
            file_node(reference, "reference", genome.checksum, of="bases"),
            told_by,
            *([file_node(motifs, "motifs", sha256_file(motifs))] if motifs else []),
        )
    shared = {"output": output, "method": method, "discovery": discovery, "database": database, "seed": seed}
    explained = explain_windows(model, windows, inserted=inserted, **shared)
    untrained = _control(model, seed) if control else None
    beside = explain_windows(untrained, windows, **shared) if untrained else None
    _write_tables(output_dir, explained)
    track, of_bases = output_dir / "contributions.bw", explained.contributions.of_bases
    write_contributions(track, windows, of_bases, contigs=genome.contigs)
    told = _told(explained, beside) | {
        "target": model.outputs[output],
        "method": method,
        "discovery": discovery,
        "seed": seed,
        "regions": windows.counts,
        "window": model.length,
        "both_strands": model.both_strands,
    }
    return _write_report(output_dir, told, explained, database, parents)


def _asked(
    regions: Path | None, manifest: Path | None, genome: Reference, *, stranded: bool
) -> tuple[Regions, Node]:
    if regions is not None:
        node = file_node(regions, "regions", sha256_file(regions))
        return bed_regions(regions, genome, stranded=stranded), node
    assert manifest is not None, "regions or manifest"
    dataset = Manifest.load(manifest)
    return split_regions(dataset, TESTED, genome, stranded=stranded), dataset.origin


def _write_tables(folder: Path, explained: Explained) -> None:
    write_meme(
        folder / "motifs.meme", [one.motif for one in explained.found], background=explained.background
    )
    write_instances(folder / "instances.bed", explained.instances)
    write_kmers(folder / "kmers.tsv", explained.kmers, explained.named)
    write_matches(folder / "matches.tsv", explained.matches)
    write_insertions(folder / "insertions.tsv", explained.insertions)


def _write_report(
    folder: Path,
    told: dict[str, Any],
    explained: Explained,
    database: Sequence[Motif],
    parents: tuple[Node, ...],
) -> dict[str, Any]:
    names = ("motifs.meme", "instances.bed", "contributions.bw", "kmers.tsv", "matches.tsv")
    files = {name: sha256_file(folder / name) for name in (*names, "insertions.tsv")}
    content = stamped(told | {"files": files}, kind="explanation", parents=parents)
    write_json(folder / "explain.json", content)
    write_page(folder / "explain.html", told, explained, database=database, parents=parents)
    return content


def _told(explained: Explained, beside: Explained | None) -> dict[str, Any]:
    contributions = explained.contributions
    missed = contributions.incompleteness
    return {
        "seqlets": explained.seqlets,
        "seqlets_left_out": explained.dropped,
        "motifs": [
            {
                "name": one.motif.name,
                "consensus": one.motif.text,
                "seqlets": one.sites,
                "mean_contribution": one.mean,
                "match": match.target if match and match.q < SIGNIFICANT else None,
            }
            for one in explained.found
            for match in [explained.best(one.motif.name)]
        ],
        "instances": len(explained.instances),
        "incompleteness": missed if missed == missed else None,
        "mean_prediction": float(contributions.predicted.mean()),
        "control": None
        if beside is None
        else {
            "seqlets": beside.seqlets,
            "motifs": len(beside.found),
            "named": sorted(
                {
                    match.target
                    for one in beside.found
                    if (match := beside.best(one.motif.name)) and match.q < SIGNIFICANT
                }
            ),
        },
    }


def _control(model: SequenceModel, seed: int) -> SequenceModel | None:
    """Give the model with randomised weights, None where its function holds no weights to be seen."""
    if not isinstance(model.function, torch.nn.Module):
        return None
    return replace(model, function=randomised(model.function, seed=seed).eval())


def _named(database: Sequence[Motif], names: Sequence[str], source: Path | None) -> list[Motif]:
    known = {motif.name: motif for motif in database}
    for name in names:
        if name not in known:
            raise InputError(
                f"--insert: '{name}' is no motif of {source or 'any file: --motifs was not given'}"
                f"{nearest(name, known)}; name one of the lines MOTIF NAME"
            )
    return [known[name] for name in names]
