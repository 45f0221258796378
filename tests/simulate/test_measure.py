import os
from pathlib import Path

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions, read_bed
from seqmill.genome.reference import Reference
from seqmill.simulate.individuals import draw_from_spectrum
from seqmill.simulate.measure import measure_repeats, measure_spectrum
from seqmill.simulate.sites import Site, read_sites
from seqmill.simulate.spectrum import Spectrum
from seqmill.simulate.streams import stream
from seqmill.simulate.truth import write_truth

VARIANTS = Path(os.environ.get("SEQMILL_DATA", "../shared/data")) / "variants"


def truth_of(spectrum, reference, path):
    variants = draw_from_spectrum("c1", reference, spectrum, stream(1, "measure"))
    write_truth(path, variants, sample="s", contigs=reference.contigs)
    return path


def test_what_was_planted_is_measured(reference, tmp_path):
    planted = Spectrum(
        snp_rate=1e-2, indel_rate=1e-3, transition_ratio=1.0, snp_het=0.8, indel_het=0.3, deletion_share=0.7,
        multiallelic_share=0.0,
    )  # fmt: skip
    path = truth_of(planted, reference, tmp_path / "truth.vcf.gz")
    found = measure_spectrum(path, Regions([Interval("c1", 0, 300_000)]))
    assert found.snp_rate == pytest.approx(planted.snp_rate, rel=0.08)
    assert found.indel_rate == pytest.approx(planted.indel_rate, rel=0.2)
    assert found.transition_ratio == pytest.approx(1.0, rel=0.1)
    assert found.snp_het == pytest.approx(0.8, abs=0.03)
    assert found.indel_het == pytest.approx(0.3, abs=0.1)
    assert found.deletion_share == pytest.approx(0.7, abs=0.1)
    assert 0.4 < found.insertion_lengths[0] / sum(found.insertion_lengths) < 0.7
    assert found.homopolymer_share == planted.homopolymer_share


def test_variants_outside_the_confident_regions_do_not_count(reference, tmp_path):
    path = truth_of(Spectrum(snp_rate=1e-2, indel_rate=2e-3), reference, tmp_path / "truth.vcf.gz")
    found = measure_spectrum(path, Regions([Interval("c1", 0, 150_000)]))
    assert found.snp_rate == pytest.approx(1e-2, rel=0.1)


def test_too_few_variants_are_an_error(reference, tmp_path):
    path = truth_of(Spectrum(snp_rate=1e-4, indel_rate=1e-5), reference, tmp_path / "few.vcf.gz")
    with pytest.raises(InputError, match=r"few\.vcf\.gz: \d+ SNPs and \d+ indels .* too few"):
        measure_spectrum(path, Regions.whole(reference.contigs))


def test_repeats_around_indels_are_counted_by_frequency(tmp_path, write_fasta):
    rng = stream(1, "plain")
    codes = (np.cumsum(rng.integers(1, 3, 2_000)) % 3).astype(np.uint8)
    codes[100:106] = 3
    codes[200:212] = [3, 0] * 6
    with Reference(write_fasta(tmp_path / "r.fa", {"c": codes})) as reference:
        text = reference.fetch("c", 0, 2_000)
        sites = [
            Site(99, text[99], (text[99] + "T",), (1.0,)),
            Site(500, text[500:502], (text[500],), (1.0,)),
            Site(199, text[199:202], (text[199],), (1.0,)),
            Site(700, text[700], (text[700] + "TTTTTTT",), (1.0,)),
            Site(800, text[800], ("T",), (1.0,)),
        ]
        found = measure_repeats(sites, "c", reference)
    assert found.homopolymer_share == (0.5, 0.0, 0.0, 0.0)
    assert found.tandem_share == (0.0, 1.0, 0.0, 0.0)
    assert found.duplication_share == 0.0
    assert found.run_weights == (0.0, 0.0, 0.0) + (1000.0,) * 7


@pytest.mark.real
def test_the_defaults_are_those_of_platinum_genomes_and_1000_genomes():
    if not VARIANTS.is_dir():
        pytest.skip(f"no real data in {VARIANTS}; set SEQMILL_DATA")
    platinum = VARIANTS / "platinum_chr21"
    measured = measure_spectrum(
        platinum / "PG_NA12878_hg38-chr21.vcf.gz", read_bed(platinum / "PG_Conf_hg38-chr21.bed.gz")
    )
    default = Spectrum()
    for name in ("snp_rate", "indel_rate", "transition_ratio", "snp_het", "indel_het", "deletion_share"):
        assert getattr(measured, name) == pytest.approx(getattr(default, name), rel=2e-3), name
    assert measured.insertion_lengths == default.insertion_lengths
    assert measured.deletion_lengths == default.deletion_lengths

    folder = VARIANTS / "chr20_1mb_1000g"
    with Reference(folder / "reference.fa.gz") as reference:
        sites = read_sites(folder / "sites.vcf.gz", "z", contig="z", reference=reference)
        around = measure_repeats(sites, "z", reference)
    assert around.homopolymer_share == pytest.approx(default.homopolymer_share, abs=1e-3)
    assert around.tandem_share == pytest.approx(default.tandem_share, abs=1e-3)
    assert around.run_weights == pytest.approx(default.run_weights, rel=0.01)
    assert around.duplication_share == pytest.approx(default.duplication_share, abs=1e-3)
