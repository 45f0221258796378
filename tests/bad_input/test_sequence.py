"""What does not fit to examples and models of DNA: refused, or left out and counted."""

import gzip
import json

import pysam
import pytest

from seqmill.applications.accessibility.spec import Options, encoding
from seqmill.training.checkpoint import describe, save
from seqmill.training.compose import compose
from seqmill.training.module import build_module
from tests.bad_input.conftest import SPLITS, write_fasta
from tests.plan.conftest import ROOT

SMALL = {"span": 400, "flank": 200, "window": 200, "stride": 100, "contig_coverage": False}
NETWORK = ("channels=4", "stem=5", "dilations=[1]", "hidden=4", "step=50")


@pytest.fixture
def bases(world):
    """Contig -> its bases."""
    with pysam.FastaFile(str(world["reference.fa"])) as fasta:
        return {name: fasta.fetch(name) for name in fasta.references}


@pytest.fixture
def plan(spoilt, world):
    """Write the plan of a dataset of counted ends, some of it spoilt."""

    def write(**changes):
        content = {
            "dataset": "tiny",
            "application": "accessibility",
            "options": SMALL,
            "seed": 1,
            "region_batch": 100_000,
            "depths": {"ada": ["full"]},
            "reference": str(world["reference.fa"]),
            "samples": {"ada": {"condition": "atac"}},
            "splits": {split: {"samples": ["ada"], "contigs": [name]} for split, name in SPLITS.items()},
            "evaluation": {"replicates": 50},
        }
        (spoilt / "plan.json").write_text(json.dumps(content | changes))
        return spoilt / "plan.json"

    return write


def examples(world, plan, part="part.parquet"):
    fixed = ["--sample", "ada", "--batch", 0, "--alignments", world["ada.bam"], "--read-report"]
    return ["examples", "--plan", plan, *fixed, world["ada.json"], "--output", part]


def collect(plan, output="dataset"):
    return ["collect", "--plan", plan, "--part", "part.parquet", "--output-dir", output]


@pytest.fixture
def built(call, world):
    """Build a dataset and give its folder's manifest and label report."""

    def build(plan, output="dataset"):
        for command in (examples(world, plan), collect(plan, output)):
            code, printed = call(*command)
            assert code == 0, printed
        folder = plan.parent / output
        return [json.loads((folder / name).read_text()) for name in ("manifest.json", "labels.json")]

    return build


@pytest.fixture(scope="session")
def model(tmp_path_factory):
    """An untrained network over windows of DNA."""
    path = tmp_path_factory.mktemp("model") / "model.ckpt"
    settings = [f"model.options.{one}" for one in NETWORK]
    given = ["experiment=atac_cnn", *settings, "augmentation.jitter=20", "dataset.manifest=m.json", "seed=1"]
    config, code = compose(given, ROOT / "config" / "hydra"), encoding(Options(**SMALL))
    facts = describe(config, code, label_counts={}, dataset_digest="d", run_id="")
    save(path, build_module(config, code, {}).state_dict(), facts)
    return path


def explain(world, model, regions):
    return ["explain", "--model", model, "--reference", world["reference.fa"], "--regions", regions,
            "--no-control", "--output-dir", "explained"]  # fmt: skip


def effects(world, model, vcf, reference="reference.fa"):
    fixed = ["--reference", world[reference], "--output", "effects.vcf.gz"]
    return ["effects", "--model", model, "--vcf", vcf, *fixed]


def test_a_mitochondrion_of_another_name(refused, call, spoilt, bases):
    """BAM: refused with the option that maps it. Fragments on chrM alone are dropped, counted, or mapped."""
    write_fasta(spoilt / "mt.fa", {"chr1": bases["chr1"], "chrMT": bases["chr2"]})
    header = {"SQ": [{"SN": "chr1", "LN": 3000}, {"SN": "chrM", "LN": 2000}], "HD": {"SO": "coordinate"}}
    pysam.AlignmentFile("m.bam", "wb", header=header).close()
    fixed = ["reads", "--sample", "ada", "--reference", "mt.fa", "--report", "out.json"]
    refused(
        [*fixed, "--alignments", "m.bam", "--output", "out.bam"],
        "m.bam: 1 of its contigs are named otherwise than in mt.fa: found 'chrM', wanted 'chrMT'",
        "--rename-contigs chr",
    )
    (spoilt / "f.bed").write_text("chr1\t5\t90\nchrM\t5\t90\n")
    given = [*fixed, "--fragments", "f.bed", "--output", "out.bed.gz"]
    code, printed = call(*given)
    assert code == 0 and "contigs 'chrM' are not in mt.fa; their fragments are not used" in printed
    assert json.loads((spoilt / "out.json").read_text())["fragments_dropped"] == {"unknown_contig": 1}
    code, printed = call(*given, "--rename-contigs", "chr")
    assert code == 0 and json.loads((spoilt / "out.json").read_text())["fragments_dropped"] == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chr1\t5\n", "line 1 is 'chr1 5'; wanted 'contig<TAB>start<TAB>end' with whole numbers"),
        ("chr1\t9\t5\n", "line 1: 9 to 5; wanted 0 <= start < end"),
        ("chr1\t5\t9\tr\t0\t+\n", "line 1 has the strand '+' and is a single read; wanted fragments"),
        ("", "holds no fragment"),
    ],
)
def test_a_file_that_is_none_of_fragments(refused, spoilt, world, line, said):
    (spoilt / "f.bed").write_text(line)
    refused(
        ["reads", "--sample", "ada", "--fragments", "f.bed", "--reference", world["reference.fa"],
         "--output", "out.bed.gz", "--report", "out.json"],
        f"f.bed: {said}",
    )  # fmt: skip


def test_mates_given_as_single_reads(refused, call, spoilt, world, bases):
    lines = gzip.open(world["R1.fq.gz"], "rt").read().splitlines()
    turned = [line if at % 4 != 1 else line[::-1] for at, line in enumerate(lines)]
    for mate, content in ((1, lines), (2, turned)):
        named = [f"{line}/{mate}" if at % 4 == 0 else line for at, line in enumerate(content)]
        (spoilt / f"R{mate}.fq").write_text("\n".join(named) + "\n")
    fixed = ["reads", "--sample", "ada", "--reference", world["reference.fa"], "--aligner", "mappy"]
    fixed += ["--output", "out.bam", "--report", "out.json"]
    refused(
        [*fixed, "--fastq", "R1.fq", "--fastq", "R2.fq"],
        "R2.fq: found the reads of R1.fq again with other bases, each file as single reads",
        "--fastq FIRST,SECOND",
    )
    code, printed = call(*fixed, "--fastq", "R1.fq")
    assert code == 0 and "note: R1.fq: its reads are mates 1 of pairs" in printed


@pytest.mark.parametrize(
    ("letters", "said"),
    [
        ("MKVLLEEFP", "holds 'E', 'F', 'L', 'P', wanted bases of DNA"),
        ("ACGUUGCA", "is RNA, found U; wanted DNA: write T for U"),
    ],
)
def test_a_reference_of_another_alphabet(refused, spoilt, world, letters, said):
    write_fasta(spoilt / "odd.fa", {"chr1": letters * 100})
    (spoilt / "f.bed").write_text("chr1\t5\t90\n")
    refused(
        ["reads", "--sample", "ada", "--fragments", "f.bed", "--reference", "odd.fa",
         "--output", "out.bed.gz", "--report", "out.json"],
        f"odd.fa: contig 'chr1' {said}",
    )  # fmt: skip


def test_what_has_no_count_is_told_by_reason(spoilt, plan, built, bases):
    """An N run, letters for several bases, a mask, and windows over the ends of contigs."""
    spoiled = {**bases, "chr1": f"{bases['chr1'][:1000]}{'N' * 300}{bases['chr1'][1300:]}"}
    spoiled["chr2"] = f"{bases['chr2'][:900]}R{bases['chr2'][901:]}"
    write_fasta(spoilt / "n.fa", spoiled)
    (spoilt / "mask.bed").write_text("chr3\t0\t150\n")
    given = plan(reference=str(spoilt / "n.fa"), files={"mask": str(spoilt / "mask.bed")})
    counts = built(given)[1]["counts"]
    starts = {name: range(0, len(text), 100) for name, text in bases.items()}
    over = sum(start + 200 > len(bases[name]) for name in starts for start in starts[name])
    unknown = sum(start < 1300 and start + 200 > 1000 for start in starts["chr1"])
    unknown += sum(start <= 900 < start + 200 for start in starts["chr2"])
    assert counts["windows_dropped.unknown_bases"] == unknown
    assert counts["windows_dropped.masked"] == 2
    assert counts["windows_dropped.over_contig_end"] >= over
    windows = sum(n for name, n in counts.items() if name.startswith("windows"))
    assert windows == 4 * sum(-(-len(text) // 400) for text in bases.values())


def test_a_soft_masked_reference_gives_the_same_dataset(spoilt, plan, built, bases):
    write_fasta(spoilt / "soft.fa", {name: text[:700].lower() + text[700:] for name, text in bases.items()})
    first, _ = built(plan(), "upper")
    second, _ = built(plan(reference=str(spoilt / "soft.fa")), "soft")
    assert first["digest"] == second["digest"]


def split(**contigs):
    return {name: {"samples": ["ada"], "contigs": contigs.get(name, [own])} for name, own in SPLITS.items()}


@pytest.mark.parametrize(
    ("splits", "said"),
    [
        (split(test=[]), "test.contigs: empty, wanted at least one name"),
        (
            split(test=["chr1"]),
            "contig 'chr1' (of sample ada) is in two splits, train and test; keep it in one",
        ),
    ],
    ids=["empty", "overlapping"],
)
def test_splits_that_are_empty_or_overlap(refused, world, plan, splits, said):
    refused(examples(world, plan(splits=splits)), said)


def test_a_split_all_of_whose_examples_were_left_out(refused, call, spoilt, world, plan):
    (spoilt / "mask.bed").write_text("chr3\t0\t2000\n")
    given = plan(files={"mask": str(spoilt / "mask.bed")})
    code, printed = call(*examples(world, given))
    assert code == 0, printed
    refused(collect(given), "splits.test: 0 examples found, at least 1 wanted, for ada on chr3")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chr1\t5\n", "mask.bed: line 1 is 'chr1\\t5'; wanted 'contig<TAB>start<TAB>end' with whole numbers"),
        ("1\t5\t90\n", "mask.bed: 1 of its contigs are named otherwise than in"),
    ],
)
def test_a_mask_that_does_not_fit(refused, spoilt, world, plan, text, said):
    (spoilt / "mask.bed").write_text(text)
    refused(examples(world, plan(files={"mask": str(spoilt / "mask.bed")})), said)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("t.gtf", 'chr1\ts\tgene\t5\t90\t.\t+\t.\tgene_id "g";\n', "holds no exon; found 1 gene"),
        ("t.bed", "chr1\t5\t90\n", "wanted BED of six columns with the strand, + or -"),
    ],
)
def test_transcripts_without_exons_or_strands(refused, spoilt, world, plan, built, name, text, said):
    (spoilt / name).write_text(text)
    given = plan(files={"transcripts": str(spoilt / name)})
    built(given)
    refused(
        ["evaluate", "--baseline", "tss_distance", "--manifest", "dataset/manifest.json", "--plan", given,
         "--alignments", f"ada={world['ada.bam']}", "--output-dir", "baseline"],
        f"{name}: ",
        said,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chr1\t5\n", "wanted 'contig<TAB>start<TAB>end' with whole numbers"),
        ("chr1\t0\t9\nchr1\t2990\t3000\n", "none of its 2 regions can be used (over_contig_end 2)"),
        ("ctg\t0\t9\n", "shares no contig"),
        ("", "holds no region"),
    ],
)
def test_regions_that_cannot_be_explained(refused, spoilt, world, model, text, said):
    (spoilt / "r.bed").write_text(text)
    refused(explain(world, model, "r.bed"), f"r.bed: {said}" if "wanted" not in said else said)


def test_regions_that_are_left_out_are_counted(call, spoilt, world, model):
    (spoilt / "r.bed").write_text("1\t400\t600\nchr2\t0\t9\nchrUn\t5\t9\n")
    code, printed = call(*explain(world, model, "r.bed"))
    assert code == 0 and "regions 3, used 1, unknown_contig 1, over_contig_end 1" in printed


def test_variants_that_do_not_belong_to_the_reference(refused, world, model):
    refused(
        effects(world, model, world["truth.vcf"], "other_build.fa"), "truth.vcf: REF of ", "another build"
    )
    refused(effects(world, model, world["confident.bed"]), "confident.bed: cannot be read as VCF")


def test_variants_that_cannot_be_asked_are_counted_and_other_names_matched(call, spoilt, world, model):
    code, printed = call(*effects(world, model, world["truth.vcf"], "no_prefix.fa"))
    assert code == 0 and "alleles: " in printed and "scored" in printed


def test_a_model_that_reads_no_dna(refused, world, tmp_path_factory):
    from seqmill.applications.small_variants.spec import Options as Pileups
    from seqmill.applications.small_variants.spec import encoding as pileups

    path = tmp_path_factory.mktemp("pileups") / "p.ckpt"
    config = compose(["experiment=scalars", "dataset.manifest=m.json", "seed=1"], ROOT / "config" / "hydra")
    counts = {"0": 5, "1": 5, "2": 5}
    facts = describe(config, pileups(Pileups()), label_counts=counts, dataset_digest="d", run_id="")
    save(path, build_module(config, pileups(Pileups()), counts).state_dict(), facts)
    refused(effects(world, path, world["truth.vcf"]), "which does not read DNA sequence")
