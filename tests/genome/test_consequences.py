"""Consequences by hand on a small gene, and against a translation letter by letter."""

import numpy as np
import pytest

from seqmill.genome.annotation import Annotation, Gene, Transcript
from seqmill.genome.consequences import CLASSES, ConsequenceCaller
from seqmill.genome.reference import Reference
from seqmill.genome.variants import Allele
from tests.profiles.genotyped import write_genome

# UTR 0-5, ATG GCT GG | intron of 20 | A AAA TAA, UTR: the protein is M A G K stop
EXON_1, INTRON, EXON_2 = "CCCCC" + "ATGGCTGG", "GTAAGTACGTACGTACTTAG", "AAAATAA" + "CCCCC"
BASES = EXON_1 + INTRON + EXON_2
EXONS = ((0, 13), (33, 45))
CODING = ((5, 13), (33, 40))
TURNED = BASES[::-1].translate(str.maketrans("ACGT", "TGCA"))

HAND = [
    (2, "C", "T", None),  # untranslated
    (5, "A", "C", "start_lost"),
    (8, "G", "A", "missense"),  # GCT A -> ACT T
    (10, "T", "C", "synonymous"),  # GCT -> GCC
    (10, "T", "TA", "frameshift"),
    (10, "TGG", "T", "frameshift"),
    (8, "GCT", "", "inframe_indel"),
    (11, "", "TAA", "stop_gained"),
    (34, "A", "T", "stop_gained"),  # AAA K -> TAA
    (37, "T", "C", "stop_lost"),
    (39, "A", "G", "synonymous"),  # TAA -> TAG
    (13, "G", "A", "splice_site"),
    (14, "T", "", "splice_site"),
    (14, "", "C", "splice_site"),  # between G and T
    (15, "A", "C", None),
    (13, "", "A", None),  # before the G: neither in the exon nor between
    (31, "A", "C", "splice_site"),
    (30, "TA", "", "splice_site"),
    (11, "GGGT", "", "splice_site"),
    (33, "A", "G", "synonymous"),  # GGA -> GGG over the intron
    (4, "CA", "", "start_lost"),
    (39, "AC", "", "stop_lost"),
    (4, "CA", "GT", "start_lost"),
    (41, "C", "", None),
]


def annotation(strand="+", coding=CODING, exons=EXONS, frame=0):
    if strand == "-":
        n = len(BASES)
        exons, coding = (tuple((n - b, n - a) for a, b in reversed(spans)) for spans in (exons, coding))
    transcript = Transcript("t", "g", "c1", strand, exons, coding, frame)
    return Annotation((Gene("g", "", "", (transcript,)),))


@pytest.fixture
def genomes(tmp_path):
    with (
        Reference(write_genome(tmp_path / "f.fa", c1=BASES)) as forward,
        Reference(write_genome(tmp_path / "r.fa", c1=TURNED)) as reverse,
    ):
        yield {"+": forward, "-": reverse}


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize(("start", "ref", "alt", "wanted"), HAND)
def test_each_class_by_hand_on_either_strand(genomes, strand, start, ref, alt, wanted):
    assert BASES[start : start + len(ref)] == ref
    if strand == "-":
        start = len(BASES) - start - len(ref)
        ref, alt = (one[::-1].translate(str.maketrans("ACGT", "TGCA")) for one in (ref, alt))
    found = ConsequenceCaller(annotation(strand), genomes[strand]).call(Allele("c1", start, ref, alt))
    assert found == ({"g": wanted} if wanted else {})


def test_shared_bases_of_an_allele_do_not_matter(genomes):
    caller = ConsequenceCaller(annotation(), genomes["+"])
    assert caller.call(Allele("c1", 7, "GGCT", "GGCC")) == {"g": "synonymous"}


def test_the_most_severe_of_several_transcripts_counts(genomes):
    coding = annotation().genes[0].transcripts[0]
    other = Transcript("u", "g", "c1", "+", ((0, 45),), ((5, 17),))  # ATG GCT GGG TAA: no intron
    caller = ConsequenceCaller(Annotation((Gene("g", "", "", (other, coding)),)), genomes["+"])
    assert caller.call(Allele("c1", 13, "G", "A")) == {"g": "splice_site"}
    assert caller.call(Allele("c1", 15, "A", "C")) == {"g": "stop_lost"}


def test_a_frame_is_kept_where_the_start_is_not_known(genomes):
    caller = ConsequenceCaller(annotation(coding=((6, 13), (33, 40)), frame=2), genomes["+"])
    assert caller.call(Allele("c1", 10, "T", "C")) == {"g": "synonymous"}
    assert caller.call(Allele("c1", 8, "G", "A")) == {"g": "missense"}


def test_a_gap_of_few_bases_is_no_intron(genomes):
    caller = ConsequenceCaller(
        annotation(exons=((0, 13), (15, 45)), coding=((5, 13), (15, 40))), genomes["+"]
    )
    assert "splice_site" not in caller.call(Allele("c1", 13, "G", "A")).values()


def test_elsewhere_and_on_unknown_contigs_there_is_none(genomes):
    caller = ConsequenceCaller(annotation(), genomes["+"])
    assert caller.call(Allele("c1", 44, "C", "T")) == caller.call(Allele("c9", 8, "G", "A")) == {}


AMINO = dict(
    zip(
        (a + b + c for a in "TCAG" for b in "TCAG" for c in "TCAG"),
        "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG",
        strict=True,
    )
)


def protein(coding, strand):
    if strand == "-":
        coding = coding[::-1].translate(str.maketrans("ACGT", "TGCA"))
    whole = len(coding) // 3 * 3
    return "".join(AMINO[coding[at : at + 3]] for at in range(0, whole, 3))


def up_to_stop(letters):
    return letters.split("*")[0]


def by_letters(bases, coding, strand, start, ref, alt):
    """Write both haplotypes out base by base, each with the stretch that it belongs to, and translate."""
    segment = [next((n for n, (a, b) in enumerate(coding) if a <= at < b), None) for at in range(len(bases))]
    before = "".join(base for base, held in zip(bases, segment, strict=True) if held is not None)
    if ref:
        place = segment[start : start + len(ref)]
    else:
        place = [segment[start - 1] if segment[start - 1] == segment[start] else None]
    if any(held is None for held in place):
        return None  # reaches out of what is translated: by hand above
    labelled = list(zip(bases, segment, strict=True))
    labelled[start : start + len(ref)] = [(base, place[0]) for base in alt]
    after = "".join(base for base, held in labelled if held is not None)
    one, two = protein(before, strand), protein(after, strand)
    if (len(after) - len(before)) % 3:
        return "frameshift"
    if one == two:
        return "synonymous"
    grown = (len(after) - len(before)) // 3
    if len(up_to_stop(two)) != len(up_to_stop(one)) + grown:
        return "stop_gained" if len(up_to_stop(two)) < len(up_to_stop(one)) + grown else "stop_lost"
    if one[0] == "M" != two[:1]:
        return "start_lost"
    return "inframe_indel" if grown else "missense"


@pytest.mark.parametrize("strand", ["+", "-"])
def test_random_alleles_are_what_a_translation_by_letters_says(tmp_path, strand):
    rng = np.random.default_rng(4)
    codons = [codon for codon, letter in AMINO.items() if letter != "*"]
    coding = "ATG" + "".join(rng.choice(codons, 58)) + "TGA"
    pieces, introns = [coding[:50], coding[50:121], coding[121:]], ["GT" + "C" * 30 + "AG"] * 2
    bases = "CCTTC" + pieces[0] + introns[0] + pieces[1] + introns[1] + pieces[2] + "GGTTG"
    edges = np.cumsum([5, 50, 34, 71, 34, len(pieces[2])])
    spans = tuple((int(edges[at]), int(edges[at + 1])) for at in (0, 2, 4))
    exons = ((0, spans[0][1]), spans[1], (spans[2][0], len(bases)))
    if strand == "-":
        n = len(bases)
        bases = bases[::-1].translate(str.maketrans("ACGT", "TGCA"))
        spans, exons = (tuple((n - b, n - a) for a, b in reversed(held)) for held in (spans, exons))
    held = Transcript("t", "g", "c1", strand, exons, spans)
    seen = dict.fromkeys(CLASSES, 0)
    with Reference(write_genome(tmp_path / "g.fa", c1=bases)) as reference:
        caller = ConsequenceCaller(Annotation((Gene("g", "", "", (held,)),)), reference)
        for _ in range(2000):
            ends = [*range(4, 10), *range(len(bases) - 9, len(bases) - 4)]
            start = int(rng.choice(ends) if rng.random() < 0.3 else rng.integers(5, len(bases) - 10))
            ref = bases[start : start + int(rng.choice([0, 1, 1, 1, 2, 3, 4, 6]))]
            alt = "".join(rng.choice(list("ACGT"), int(rng.choice([0, 1, 1, 1, 2, 3, 6]))))
            if not (ref or alt) or ref[:1] == alt[:1] or ref[-1:] == alt[-1:]:
                continue
            wanted = by_letters(bases, spans, strand, start, ref, alt)
            if wanted is not None:
                found = caller.call(Allele("c1", start, ref, alt))
                assert found == {"g": wanted}, (start, ref, alt)
                seen[wanted] += 1
    assert all(seen[name] > 3 for name in CLASSES if name != "splice_site"), seen
