"""A score of seven weights and three people, by hand."""

from pathlib import Path

HEADER = "#pgs_id=PGS000000\n#genome_build=GRCh38\n"
COLUMNS = "rsID\tchr_name\tchr_position\teffect_allele\tother_allele\teffect_weight\n"
ROWS = (
    "a\t1\t100\tC\tA\t0.5\n"  # as written
    "b\t1\t200\tA\tG\t-1\n"  # the effect allele is the reference
    "c\t1\t300\tT\tC\t2\n"  # one of three alleles
    "d\tchr2\t50\tA\tT\t4\n"  # its own complement
    "e\t2\t60\tCAG\tC\t8\n"  # an insertion
)
CALLS = """##fileformat=VCFv4.2
##contig=<ID=chr1,length=1000>
##contig=<ID=chr2,length=1000>
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tx\ty\tz
chr1\t100\t.\tA\tC\t.\t.\t.\tGT\t0/1\t1|1\t0/0
chr1\t150\t.\tA\tC\t.\t.\t.\tGT\t1/1\t1/1\t1/1
chr1\t200\t.\tA\tG\t.\t.\t.\tGT:DP\t0/0:9\t0/1:9\t./.:0
chr1\t300\t.\tC\tG,T\t.\t.\t.\tGT\t1/2\t2/2\t0/1
chr2\t50\t.\tA\tT\t.\t.\t.\tGT\t0/0\t0/1\t1/1
chr2\t60\t.\tC\tCAG\t.\t.\t.\tGT\t0/1\t0/0\t0/0
"""
# copies:      x: 1, 2, 1, 2, 1   y: 2, 1, 2, 1, 0   z: 0, missing, 0, 0, 0
SCORES = {"x": 0.5 - 2 + 2 + 8 + 8, "y": 1 - 1 + 4 + 4, "z": 0 - 1.5}


def write(folder: Path, rows: str = ROWS, calls: str = CALLS, columns: str = COLUMNS) -> tuple[str, str]:
    """Write the scoring file and the genotypes; give their paths."""
    weights, genotypes = folder / "score.txt", folder / "calls.vcf"
    weights.write_text(HEADER + columns + rows)
    genotypes.write_text(calls)
    return str(weights), str(genotypes)
