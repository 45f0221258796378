"""What explaining a model found, before it is written down."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from seqmill.applications.sequence import SequenceModel
from seqmill.genome.motif import Motif
from seqmill.genome.scan import base_shares, scan
from seqmill.interpretation.contributions import Contributions
from seqmill.interpretation.discovery import Found, discover
from seqmill.interpretation.gradients import expected_gradients, integrated_gradients
from seqmill.interpretation.insertion import Insertion, insert_motif
from seqmill.interpretation.kmers import K, Kmer, name_kmers, rank_kmers
from seqmill.interpretation.matching import Match, match_motifs
from seqmill.interpretation.modisco import discover_by_modisco
from seqmill.interpretation.mutagenesis import mutational_contributions
from seqmill.interpretation.regions import Windows
from seqmill.interpretation.seqlets import find_seqlets
from seqmill.interpretation.sequences import Codes, Function
from seqmill.interpretation.shuffles import shuffle_pairs
from seqmill.interpretation.tracks import Instance

METHODS = ("expected-gradients", "integrated-gradients", "mutagenesis")
DISCOVERIES = ("built-in", "modisco")
CHANCE = 400
"""Shuffled windows whose contributions tell what chance gives, at most."""

BACKGROUNDS = 48
"""Shuffled windows that motifs are set into."""

NAMED = 15
"""Words with the highest mean contribution that are compared with a database."""


@dataclass(frozen=True, kw_only=True)
class Explained:
    """What was found.

    Attributes
    ----------
    contributions : Contributions
        Of all windows.
    seqlets, dropped : int
        Stretches that contribute more than chance, and how many more there were than are used.
    found : list of Found
        Motifs.
    kmers : list of Kmer
        Words by mean contribution.
    matches : list of Match
        Motifs beside those of a database.
    named : dict
        Word -> what it is most alike in the database, of the first `NAMED` words.
    insertions : list of Insertion
        Motifs on their own.
    instances : list of Instance
        Motifs on the genome that contribute in the motif's direction.
    background : sequence of float
        Shares of A, C, G and T.
    """

    contributions: Contributions
    seqlets: int
    dropped: int
    found: list[Found]
    kmers: list[Kmer]
    matches: list[Match] = field(default_factory=list)
    named: dict[str, Match] = field(default_factory=dict)
    insertions: list[Insertion] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    background: Sequence[float] = ()

    def best(self, motif: str) -> Match | None:
        """Give the best match of a motif, None without a database."""
        return next((match for match in self.matches if match.query == motif), None)


def explain_windows(
    model: SequenceModel,
    windows: Windows,
    *,
    output: int = 0,
    method: str = METHODS[0],
    discovery: str = DISCOVERIES[0],
    database: Sequence[Motif] = (),
    inserted: Sequence[Motif] = (),
    seed: int = 1,
) -> Explained:
    """Attribute one output of a model over windows, and find what motifs it looks at.

    Parameters
    ----------
    model : SequenceModel
        The model.
    windows : Windows
        Windows of its length.
    output : int
        Which output.
    method : str
        One of `METHODS`.
    discovery : str
        One of `DISCOVERIES`: how stretches are gathered into motifs.
    database : sequence of Motif
        Motifs that those found are compared with.
    inserted : sequence of Motif
        Motifs to set into backgrounds, besides those found.
    seed : int
        Seed of baselines, shuffles and nulls.
    """
    draws = np.random.default_rng(seed)
    function = model.function
    shuffled = shuffle_pairs(windows.codes, draws)
    contributions = attribute(function, windows.codes, method=method, output=output, generator=draws)
    chance = attribute(function, shuffled[:CHANCE], method=method, output=output, generator=draws)
    of_bases = contributions.of_bases
    seqlets = find_seqlets(of_bases, chance.of_bases)
    if discovery == "modisco":
        found = discover_by_modisco(contributions)
    else:
        found = discover(contributions, seqlets, both_strands=model.both_strands)
    asked = [*(one.motif for one in found), *inserted]
    kmers = rank_kmers(windows.codes, of_bases, k=K, both_strands=model.both_strands)
    return Explained(
        contributions=contributions,
        seqlets=len(seqlets),
        dropped=seqlets.dropped,
        found=found,
        kmers=kmers,
        matches=match_motifs([one.motif for one in found], database, draws),
        named=name_kmers(kmers[:NAMED], database, np.random.default_rng(seed)),
        insertions=[
            insert_motif(
                function,
                motif,
                shuffled[:BACKGROUNDS],
                draws,
                output=output,
                both_strands=model.both_strands,
            )
            for motif in asked
        ],
        instances=_instances(windows, found, of_bases, both_strands=model.both_strands),
        background=base_shares(windows.codes, both_strands=model.both_strands).tolist(),
    )


def attribute(
    function: Function, codes: Codes, *, method: str, output: int, generator: np.random.Generator
) -> Contributions:
    """Attribute one output by one of `METHODS`."""
    if method == "mutagenesis":
        return mutational_contributions(function, codes, output=output)
    gradients = expected_gradients if method == METHODS[0] else integrated_gradients
    return gradients(function, codes, output=output, generator=generator)


def _instances(
    windows: Windows, found: Sequence[Found], of_bases: np.ndarray, *, both_strands: bool
) -> list[Instance]:
    """Find motifs in windows; one that several windows hold is told once, with its mean contribution."""
    background = base_shares(windows.codes, both_strands=both_strands)
    added = np.concatenate([np.zeros((len(of_bases), 1)), of_bases.cumsum(axis=1, dtype=np.float64)], axis=1)
    instances = []
    for one in found:
        width = one.motif.width
        hits = scan(windows.codes, one.motif, background, both_strands=both_strands)
        told: dict[tuple[str, int, bool], list[int]] = {}
        for at, (row, start) in enumerate(zip(hits.window, hits.start, strict=True)):
            forward = bool(hits.forward[at]) != bool(windows.backward[row])
            place = (windows.contigs[row], windows.on_contig(row, int(start), width), forward)
            told.setdefault(place, []).append(at)
        sums = added[hits.window, hits.start + width] - added[hits.window, hits.start]
        for (contig, start, forward), members in told.items():
            contribution = float(np.mean(sums[members]))
            if contribution * one.mean > 0:
                instances.append(
                    Instance(
                        contig=contig,
                        start=start,
                        end=start + width,
                        motif=one.motif.name,
                        strand="+" if forward else "-",
                        bits=float(hits.score[members[0]]),
                        p=float(hits.p[members[0]]),
                        contribution=contribution,
                    )
                )
    return instances
