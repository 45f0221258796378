"""How many dosages of the people of config/people are those that were planted.

Run it after the two commands of docs/patient-profiles.md: python benchmarks/people.py
"""

import csv
from pathlib import Path

import numpy as np
import pysam

from seqmill.profiles.table import read_table

RAW = Path("results/people/raw")
TABLE = Path("results/people_profiles/raw/profiles.parquet")


def planted(sites: list[dict[str, str]], people: tuple[str, ...]) -> np.ndarray:
    """Read the copies of each site's alternative allele that people were given, int64 [people, sites]."""
    rows = []
    for name in people:
        with pysam.VariantFile(str(RAW / name / "truth.vcf.gz")) as handle:
            held = {
                (record.pos, record.ref, alt): record.samples[0]["GT"].count(number)
                for record in handle
                for number, alt in enumerate(record.alts or (), 1)
            }
        rows.append([held.get((int(one["position"]), one["ref"], one["alt"]), 0) for one in sites])
    return np.array(rows)


def main() -> None:
    """Print a line for SNPs and one for indels."""
    with open(RAW / "sites.tsv") as handle:
        sites = list(csv.DictReader(handle, delimiter="\t"))
    table = read_table(TABLE)
    block, truth = table.blocks["dosage"], planted(sites, table.ids)
    indel = np.array([len(one["ref"]) != len(one["alt"]) for one in sites])
    print("kind\tdosages\tcalled\tas_planted")
    for kind, chosen in (("snp", ~indel), ("indel", indel)):
        called = block.mask[:, chosen]
        right = called & (block.values[:, chosen] == truth[:, chosen])
        print(f"{kind}\t{called.size}\t{called.sum()}\t{right.sum()}")


if __name__ == "__main__":
    main()
