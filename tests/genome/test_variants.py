import pysam
import pytest

from seqmill.errors import InputError
from seqmill.genome.intervals import Interval, Regions
from seqmill.genome.variants import Allele, Variant, check_reference, read_vcf

HEAD = (
    "##fileformat=VCFv4.2\n##contig=<ID=c,length=100>\n##contig=<ID=d,length=100>\n"
    '##FILTER=<ID=low,Description="low">\n##FORMAT=<ID=GT,Number=1,Type=String,Description="g">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
)
ROWS = [
    ("c\t3\t.\tA\tc\t9.5\tPASS\t.", "0/1", "1|1"),
    ("c\t7\t.\tACG\tA,<DEL>\t.\tlow\t.", "1|2", "./."),
    ("c\t9\t.\tG\t.\t5\t.\t.", "0/0", "0/0"),
    ("d\t50\t.\tG\tT\t5\t.\t.", "1", "./1"),
]


def write(path, samples=("s",)):
    columns = "\tFORMAT\t" + "\t".join(samples) if samples else ""
    rows = ["\t".join([row, *(["GT", *calls[: len(samples)]] if samples else [])]) for row, *calls in ROWS]
    path.write_text(HEAD + columns + "\n" + "\n".join(rows) + "\n")
    return path


def test_records_by_hand(tmp_path):
    assert read_vcf(write(tmp_path / "v.vcf")) == [
        Variant("c", 2, "A", ("C",), (0, 1), False, 9.5, ("PASS",)),
        Variant("c", 6, "ACG", ("A", "<DEL>"), (1, 2), True, None, ("low",)),
        Variant("d", 49, "G", ("T",), (1,), True, 5.0, ()),
    ]


def test_the_second_sample(tmp_path):
    path = write(tmp_path / "v.vcf", ("s", "t"))
    assert [v.genotype for v in read_vcf(path, sample="t")] == [(1, 1), (None, None), (None, 1)]
    with pytest.raises(InputError, match="holds 2 samples"):
        read_vcf(path)
    with pytest.raises(InputError, match="no sample 'u'"):
        read_vcf(path, sample="u")


def test_a_file_without_samples_has_no_genotypes(tmp_path):
    assert {v.genotype for v in read_vcf(write(tmp_path / "v.vcf", ()))} == {None}


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("intervals", "starts"),
    [
        ([("c", 0, 2), ("c", 3, 6)], []),
        ([("c", 2, 3)], [2]),
        ([("c", 8, 9)], [6]),
        ([("d", 0, 100), ("c", 0, 3)], [2, 49]),
        ([("absent", 0, 3)], []),
    ],
)
def test_regions_keep_what_overlaps(tmp_path, indexed, intervals, starts):
    path = write(tmp_path / "v.vcf")
    if indexed:
        path = pysam.tabix_index(str(path), preset="vcf")
    regions = Regions(Interval(*fields) for fields in intervals)
    assert sorted(v.start for v in read_vcf(path, regions=regions)) == starts


@pytest.mark.parametrize(
    ("genotype", "copies"),
    [((0, 1), 1), ((1, 1), 2), ((1,), 2), ((None, 1), 1), ((0, 2), 0), ((None, None), 0), (None, 0)],
)
def test_copies(genotype, copies):
    assert Variant("c", 0, "A", ("C", "G"), genotype).copies(1) == copies


def test_bad_files(tmp_path):
    with pytest.raises(InputError, match="no such VCF"):
        read_vcf(tmp_path / "none.vcf")
    (tmp_path / "text.vcf").write_text("hello\n")
    with pytest.raises(InputError, match="cannot be read as VCF"):
        read_vcf(tmp_path / "text.vcf")


def test_the_only_sample_of_a_file_may_have_another_name(tmp_path):
    path = tmp_path / "v.vcf"
    path.write_text(HEAD + "\tFORMAT\tHG001\nc\t5\t.\tA\tC\t.\t.\t.\tGT\t0/1\n")
    assert [v.genotype for v in read_vcf(path, sample="ada")] == [(0, 1)]


def test_a_file_cut_short_is_refused(tmp_path):
    path = tmp_path / "v.vcf"
    lines = [f"c\t{i + 1}\t.\tA\tC\t{i}\tPASS\t.\tGT\t0/1\n" for i in range(20_000)]
    path.write_text(HEAD + "\tFORMAT\ts\n" + "".join(lines))
    pysam.tabix_compress(str(path), str(tmp_path / "v.vcf.gz"))
    packed = (tmp_path / "v.vcf.gz").read_bytes()
    (tmp_path / "cut.vcf.gz").write_bytes(packed[: len(packed) // 2])
    with pytest.raises(InputError, match="cannot be read as VCF"):
        read_vcf(tmp_path / "cut.vcf.gz")


def test_a_truth_of_another_build_is_counted(make_reference):
    reference = make_reference(c="ACGTNCGT")
    right = [Variant("c", 0, "AC", ("A",)), Variant("c", 4, "A", ("T",)), Variant("c", 1, "N", ("T",))]
    check_reference(right, reference, name="truth.vcf")
    wrong = [Variant("c", 1, "G", ("A",)), Variant("c", 7, "TT", ("T",)), Variant("x", 0, "A", ("T",))]
    with pytest.raises(InputError, match=r"truth.vcf: REF of 2 of 5 .*c:2 has G, the reference C"):
        check_reference(right + wrong, reference, name="truth.vcf")


def test_a_truth_with_other_contig_names_is_no_other_build(make_reference):
    reference = make_reference(c="ACGTNCGT")
    named_otherwise = [Variant("chrc", 0, "AC", ("A",)), Variant("chrc", 7, "GG", ("T",))]
    with pytest.raises(InputError, match=r"truth.vcf: 1 of .* found 'chrc', wanted 'c'; .*--rename-chrs"):
        check_reference(named_otherwise, reference, name="truth.vcf")
    check_reference([Variant("c", 0, "A", ("T",)), Variant("y", 0, "C", ("T",))], reference, name="truth.vcf")


def test_an_allele_knows_its_end_and_kind():
    assert Allele("c", 4, "ACG", "A").end == 7
    assert Allele("c", 4, "A", "C").is_snp
    assert not Allele("c", 4, "AC", "GT").is_snp
    assert str(Allele("c", 4, "A", "C")) == "c:5 A>C"
