"""The spectrum of small variants of one human genome: how many, of what kind, where."""

from dataclasses import dataclass

LONGEST_INDEL = 30


@dataclass(frozen=True)
class Spectrum:
    """Rates and shares an individual's variants are drawn with.

    The defaults of rates, zygosity, transitions and lengths were
    measured on the Platinum Genomes truth of
    NA12878, chromosome 21, inside its confident regions; those of the repeats around indels on the 1000
    Genomes sites of 1 Mb of chromosome 20, weighted by allele frequency (`seqmill.simulate.measure`).

    Attributes
    ----------
    snp_rate, indel_rate : float
        Alleles per callable bp of one diploid genome.
    transition_ratio : float
        Transitions to transversions.
    snp_het, indel_het : float
        Share of heterozygous alleles.
    deletion_share : float
        Share of deletions among indels.
    deletion_lengths, insertion_lengths : tuple of float
        Weights of the lengths 1, 2, ... bp.
    homopolymer_share, tandem_share : tuple of float
        Share of the indels of 1, 2, 3 and at least 4 bp that lengthen or shorten a homopolymer, or a tandem
        repeat of a longer unit.
    run_weights : tuple of float
        Relative indel rate of one homopolymer of 3, 4, ... bp; the last one holds for all longer ones.
    duplication_share : float
        Share of the other insertions that repeat the bases before them.
    multiallelic_share : float
        Share of the indels in repeats where the two haplotypes carry two different lengths.
    cluster_share, cluster_span : float
        Share of the SNPs that lie near another variant, at a log-uniform distance of up to `cluster_span` bp.
    """

    snp_rate: float = 1.552e-3
    indel_rate: float = 2.89e-4
    transition_ratio: float = 2.08
    snp_het: float = 0.615
    indel_het: float = 0.622
    deletion_share: float = 0.483
    deletion_lengths: tuple[float, ...] = (
        2424, 768, 264, 464, 100, 124, 35, 97, 29, 53, 16, 44, 15, 28, 22, 19, 11, 9, 5, 11, 6, 10, 2, 3, 3,
        2, 3, 5, 1, 2,
    )  # fmt: skip
    insertion_lengths: tuple[float, ...] = (
        2682, 779, 314, 483, 119, 123, 43, 109, 23, 38, 22, 48, 10, 22, 11, 17, 8, 8, 6, 13, 3, 4, 1, 8, 3,
        2, 1, 2, 3, 2,
    )  # fmt: skip
    homopolymer_share: tuple[float, float, float, float] = (0.623, 0.265, 0.42, 0.09)
    tandem_share: tuple[float, float, float, float] = (0.0, 0.338, 0.145, 0.41)
    run_weights: tuple[float, ...] = (0.12, 0.33, 0.33, 3.8, 11.2, 28.8, 46.0, 124.5, 167.5, 205.5)
    duplication_share: float = 0.521
    multiallelic_share: float = 0.08
    cluster_share: float = 0.08
    cluster_span: float = 150.0
