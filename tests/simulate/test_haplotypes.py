import pysam.bcftools
import pytest

from seqmill.genome.variants import Variant
from seqmill.simulate.haplotypes import build_haplotype
from seqmill.simulate.individuals import draw_from_spectrum
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream
from seqmill.simulate.truth import write_truth


def variant(start, ref, *alts, genotype):
    return Variant("c", start, ref, alts, genotype, phased=True)


@pytest.mark.parametrize(
    ("variants", "first", "second"),
    [
        ([], "ACGTACGT", "ACGTACGT"),
        ([variant(2, "G", "T", genotype=(1, 0))], "ACTTACGT", "ACGTACGT"),
        ([variant(2, "G", "GAA", genotype=(1, 1))], "ACGAATACGT", "ACGAATACGT"),
        ([variant(1, "CGT", "C", "CG", genotype=(2, 1))], "ACGACGT", "ACACGT"),
        (
            [variant(0, "A", "AC", genotype=(1, 0)), variant(1, "C", "T", genotype=(1, 1))],
            "ACTGTACGT",
            "ATGTACGT",
        ),
    ],
)
def test_small_haplotypes(encode, variants, first, second):
    codes = encode("ACGTACGT")
    assert build_haplotype(codes, variants, 0).tolist() == encode(first).tolist()
    assert build_haplotype(codes, variants, 1).tolist() == encode(second).tolist()


@pytest.mark.parametrize("side", [0, 1])
def test_haplotypes_are_what_bcftools_makes_of_reference_and_truth(reference, tmp_path, side):
    spectrum = Spectrum(snp_rate=4e-3, indel_rate=2e-3)
    drawn = {
        name: draw_from_spectrum(name, reference, spectrum, stream(9, name)) for name in reference.contigs
    }
    path = tmp_path / "truth.vcf.gz"
    write_truth(path, [v for part in drawn.values() for v in part], sample="s", contigs=reference.contigs)
    output = tmp_path / "haplotype.fa"
    options = ("-f", str(reference.path), "-H", f"{side + 1}pIu", "-s", "s", "-o", str(output), str(path))
    pysam.bcftools.consensus(*options, catch_stdout=False)
    with pysam.FastaFile(str(output)) as made:
        for name, variants in drawn.items():
            codes = build_haplotype(reference.codes(name, 0, reference.contigs[name]), variants, side)
            assert "".join("ACGTN"[code] for code in codes) == made.fetch(name)
