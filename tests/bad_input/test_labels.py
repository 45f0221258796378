"""Truth and confident regions that do not belong to the reference, or hold nothing."""

import json

import pytest

CHANGES = {
    "truth of another build": (
        {"reference": "other_build.fa"},
        "truth.vcf: REF of ",
        " of 15 variants differs from ",
        "another build",
    ),
    "truth without chr": (
        {"truth": ("truth.vcf", "chr", "")},
        "truth.vcf: 3 of its contigs are named otherwise than in",
        "found '1', '2', '3', wanted 'chr1', 'chr2', 'chr3'",
        "bcftools annotate --rename-chrs",
    ),
    "truth of other contigs": (
        {"truth": ("truth.vcf", "chr", "scaffold_")},
        "truth.vcf: shares no contig with",
        "found 'scaffold_1'",
        "wanted 'chr1'",
    ),
    "truth cut off": (
        {"truth": ("truth.vcf", "#CHROM", "#")},
        "truth.vcf: cannot be read as VCF",
        "wanted a whole VCF",
    ),
    "empty confident regions": (
        {"confident": ("confident.bed", "chr", "#chr")},
        "confident.bed: holds no region; wanted at least one line 'contig<TAB>start<TAB>end'",
    ),
    "confident regions without chr": (
        {"confident": ("confident.bed", "chr", "")},
        "confident.bed: 3 of its contigs are named otherwise than in",
        "sed 's/^/chr/'",
    ),
    "no numbers in the confident regions": (
        {"confident": ("confident.bed", "\t0", "\tzero")},
        "confident.bed: line 1 is 'chr1\\tzero\\t3000'; wanted 'contig<TAB>start<TAB>end' with whole numbers",
    ),
}


@pytest.fixture
def plan(spoilt, world):
    """Write a plan whose reference, truth or confident regions are spoilt."""

    def write(change):
        content = world.plan
        for key, value in change.items():
            if key == "reference":
                content["reference"] = str(world[value])
                continue
            name, old, new = value
            (spoilt / name).write_text(world[name].read_text().replace(old, new))
            content["samples"]["ada"][key] = str(spoilt / name)
        (spoilt / "plan.json").write_text(json.dumps(content))
        return spoilt / "plan.json"

    return write


@pytest.mark.parametrize(("change", "said"), [(c, s) for c, *s in CHANGES.values()], ids=CHANGES)
def test_labels_of_something_else(refused, world, plan, change, said):
    refused(
        ["examples", "--plan", plan(change), "--sample", "ada", "--batch", 0, "--alignments",
         world["ada.bam"], "--read-report", world["ada.json"], "--output", "part.parquet"],
        *said,
    )  # fmt: skip
