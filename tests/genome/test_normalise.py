import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seqmill.genome.normalise import is_sequence, normalise, split_alleles
from seqmill.genome.variants import Allele, Variant

bases = st.text("ACGT", min_size=1)


@pytest.mark.parametrize(
    ("sequence", "start", "ref", "alt", "wanted"),
    [
        ("GGGCACACACAGGG", 9, "CA", "", (2, "GCA", "G")),
        ("GGGCACACACAGGG", 5, "CAC", "C", (2, "GCA", "G")),
        ("GGGCACACACAGGG", 3, "CACACA", "CACA", (2, "GCA", "G")),
        ("GGGCACACACAGGG", 10, "A", "ACA", (2, "G", "GCA")),
        ("TTTTC", 3, "TC", "C", (0, "TT", "T")),
        ("TTTTC", 3, "T", "TTT", (0, "T", "TTT")),
        ("ACGTACGT", 2, "GTA", "GCA", (3, "T", "C")),
        ("ACGTACGT", 2, "GTA", "CTG", (2, "GTA", "CTG")),
        ("ACGTACGT", 1, "CGTA", "CTTTA", (2, "G", "TT")),
        ("ACGTACGT", 3, "T", "G", (3, "T", "G")),
    ],
)
def test_by_hand(make_reference, sequence, start, ref, alt, wanted):

    assert normalise("c", start, ref, alt, make_reference(c=sequence)) == Allele("c", *wanted)


def test_equal_alleles_are_refused(make_reference):
    with pytest.raises(ValueError, match="both AC"):
        normalise("c", 0, "AC", "AC", make_reference(c="ACGT"))


def test_a_shift_longer_than_one_stride(make_reference):
    reference = make_reference(c="C" + "AG" * 200 + "T")
    assert normalise("c", 399, "AG", "", reference) == Allele("c", 0, "CAG", "C")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(st.data(), st.text("AC", min_size=12, max_size=30))
def test_the_haplotype_stays_and_no_shorter_or_lefter_spelling_exists(make_reference, data, sequence):
    start = data.draw(st.integers(0, len(sequence) - 2))
    end = data.draw(st.integers(start + 1, min(len(sequence) - 1, start + 6)))
    alt = data.draw(st.text("AC", max_size=6).filter(lambda a: a != sequence[start:end]))
    reference = make_reference(c=sequence)
    allele = normalise("c", start, sequence[start:end], alt, reference)
    haplotype = sequence[:start] + alt + sequence[end:]
    assert sequence[: allele.start] + allele.alt + sequence[allele.end :] == haplotype
    assert sequence[allele.start : allele.end] == allele.ref
    assert min(len(allele.ref), len(allele.alt)) == 1 or (
        allele.ref[0] != allele.alt[0] and allele.ref[-1] != allele.alt[-1]
    )
    if len(alt) != end - start and 1 in (len(allele.ref), len(allele.alt)) and allele.start > 0:
        assert allele.ref[-1] != allele.alt[-1] or allele.ref[0] != allele.alt[0]


def test_split_alleles_counts_copies_and_leaves_symbols_out(make_reference):
    reference = make_reference(c="GGGCACACACAGGG")
    variants = [
        Variant("c", 7, "CA", ("C", "CATA", "<DEL>", "*"), (1, 2)),
        Variant("c", 2, "GCA", ("G",), (1, 1)),
        Variant("c", 3, "C", ("T",)),
    ]
    assert split_alleles(variants, reference) == [
        (Allele("c", 7, "CA", "C"), 1),
        (Allele("c", 7, "C", "CAT"), 1),
        (Allele("c", 2, "GCA", "G"), 2),
        (Allele("c", 3, "C", "T"), 0),
    ]


@pytest.mark.parametrize(
    ("alt", "written"), [("ACGTN", True), ("*", False), ("<*>", False), ("A[c:1[", False)]
)
def test_is_sequence(alt, written):
    assert is_sequence(alt) is written


@pytest.mark.skipif(shutil.which("bcftools") is None, reason="needs the bcftools binary")
@pytest.mark.parametrize("alphabet", ["AC", "ACGT"])
def test_agrees_with_bcftools_norm(make_reference, tmp_path, alphabet):
    rng = np.random.default_rng(7)
    sequence = "".join(rng.choice(list(alphabet), 3_000))
    reference = make_reference(c=sequence)
    raw = []
    while len(raw) < 1_500:
        start = int(rng.integers(0, len(sequence) - 10))
        ref = sequence[start : start + int(rng.integers(1, 8))]
        alt = "".join(rng.choice(list(alphabet), int(rng.integers(1, 8))))
        if alt != ref:
            raw.append((start, ref, alt))
    head = (
        "##fileformat=VCFv4.2\n##contig=<ID=c,length=3000>\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    )
    path = tmp_path / "raw.vcf"
    path.write_text(
        head + "".join(f"c\t{s + 1}\t{i}\t{r}\t{a}\t.\t.\t.\n" for i, (s, r, a) in enumerate(raw))
    )
    done = subprocess.run(
        ["bcftools", "norm", "-f", str(reference.path), str(path)], capture_output=True, text=True, check=True
    )
    rows = [line.split("\t") for line in done.stdout.splitlines() if not line.startswith("#")]
    wanted = {int(row[2]): Allele("c", int(row[1]) - 1, row[3], row[4]) for row in rows}
    assert len(wanted) == len(raw)
    found = {i: normalise("c", start, ref, alt, reference) for i, (start, ref, alt) in enumerate(raw)}
    assert {i: (str(found[i]), str(wanted[i])) for i in found if found[i] != wanted[i]} == {}
