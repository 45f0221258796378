import pytest

from seqmill.errors import InputError
from seqmill.simulate.sites import Site, read_sites

HEADER = (
    "##fileformat=VCFv4.2\n##contig=<ID=z,length=300000>\n"
    '##INFO=<ID=AF,Number=A,Type=Float,Description="">\n'
    "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
)


@pytest.fixture
def write_vcf(tmp_path):
    def write(*records):
        path = tmp_path / "sites.vcf"
        path.write_text(HEADER + "".join("\t".join(record) + "\n" for record in records))
        return path

    return write


def test_sites_hold_each_alternative_with_its_frequency(write_vcf, reference):
    ref = reference.fetch("c1", 99, 100)
    path = write_vcf(
        ("z", "100", ".", ref, "<CN0>,TT", ".", "PASS", "AF=0.25,0.5"),
        ("z", "200", ".", reference.fetch("c1", 199, 200), "G", ".", "PASS", "."),
    )
    assert read_sites(path, "z", contig="c1", reference=reference) == [
        Site(99, ref, ("<CN0>", "TT"), (0.25, 0.5))
    ]


def test_sites_of_another_build_are_counted(write_vcf, reference):
    other = "A" if reference.fetch("c1", 99, 100) != "A" else "C"
    path = write_vcf(("z", "100", ".", other, "T", ".", "PASS", "AF=0.5"))
    with pytest.raises(InputError, match="REF of 1 of 1 variants differs"):
        read_sites(path, "z", contig="c1", reference=reference)


def test_a_contig_the_file_does_not_hold_is_named(write_vcf, reference):
    path = write_vcf(("z", "100", ".", "A", "T", ".", "PASS", "AF=0.5"))
    with pytest.raises(InputError, match=r"no site with INFO/AF on contig 'c1'.*sites_contig"):
        read_sites(path, "c1", contig="c1", reference=reference)
