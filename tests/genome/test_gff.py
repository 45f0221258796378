"""One small annotation in both formats; every way to be wrong, and what is dropped."""

import gzip
from pathlib import Path

import pytest

from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.gff import read_annotation
from seqmill.genome.lines import table_lines
from seqmill.genome.reference import Reference

GTF = """\
#!genome-build x
1\ts\tgene\t11\t60\t.\t+\t.\tgene_id "g"; gene_name "G1"; gene_biotype "protein_coding";
1\ts\texon\t51\t60\t.\t+\t.\tgene_id "g"; transcript_id "t1"; exon_number 2; gene_name "G1";
1\ts\texon\t11\t20\t.\t+\t.\tgene_id "g"; transcript_id "t1"; exon_number 1; gene_name "G1";
1\ts\tCDS\t11\t20\t.\t+\t0\tgene_id "g"; transcript_id "t1";
1\ts\texon\t16\t25\t.\t+\t.\tgene_id "g"; transcript_id "t2"; gene_name "G1"; ref_gene_id "no";
MT\ts\texon\t1\t9\t.\t-\t.\tgene_id h; transcript_id h;
"""
GFF3 = """\
##gff-version 3
1\ts\tgene\t11\t60\t.\t+\t.\tID=gene:g;Name=G1;biotype=protein_coding;gene_id=g
1\ts\tmRNA\t11\t60\t.\t+\t.\tID=transcript:t1;Parent=gene:g;transcript_id=t1
1\ts\texon\t11\t20\t.\t+\t.\tParent=transcript:t1
1\ts\tCDS\t11\t20\t.\t+\t0\tID=cds;Parent=transcript:t1
1\ts\texon\t51\t60\t.\t+\t.\tParent=transcript:t1
1\ts\tmRNA\t16\t25\t.\t+\t.\tID=transcript:t2;Parent=gene:g;transcript_id=t2
1\ts\texon\t16\t25\t.\t+\t.\tParent=transcript:t2
MT\ts\ttRNA\t1\t9\t.\t-\t.\tID=h
MT\ts\texon\t1\t9\t.\t-\t.\tParent=h
##FASTA
>1
ACGT
"""
CONTIGS = {"chr1": 100, "chrM": 9}


def exon(contig="1", start="1", end="9", strand="+", attributes='gene_id "g"; transcript_id "t";'):
    return f"{contig}\ts\texon\t{start}\t{end}\t.\t{strand}\t.\t{attributes}\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "a.gtf"
    path.write_text(text)
    return path


@pytest.mark.parametrize("text", [GTF, GFF3], ids=["gtf", "gff3"])
@pytest.mark.parametrize("packed", [False, True])
def test_both_formats_give_the_same_genes(tmp_path: Path, text: str, packed: bool):
    path = written(tmp_path, text)
    if packed:
        path.write_bytes(gzip.compress(text.encode()))
    found = read_annotation(path, contigs=CONTIGS)
    first, second = found.genes
    assert (first.name, first.symbol, first.biotype) == ("g", "G1", "protein_coding")
    assert [(t.name, t.gene, t.contig, t.strand, t.exons) for t in found.transcripts] == [
        ("t1", "g", "chr1", "+", ((10, 20), (50, 60))),
        ("t2", "g", "chr1", "+", ((15, 25),)),
        ("h", "h", "chrM", "-", ((0, 9),)),
    ]
    assert second.tss == 8
    assert found.renamed == {"1": "chr1", "MT": "chrM"}
    assert not any(found.dropped.values())


def test_without_a_reference_names_stay(tmp_path: Path):
    found = read_annotation(written(tmp_path, GTF))
    assert [gene.contig for gene in found.genes] == ["1", "MT"]
    assert not found.renamed


def test_genes_follow_the_reference(tmp_path: Path):
    found = read_annotation(written(tmp_path, GTF), contigs={"MT": 9, "1": 100})
    assert [gene.contig for gene in found.genes] == ["MT", "1"]


def test_what_is_dropped_is_counted(tmp_path: Path):
    text = (
        exon("1", attributes='gene_id "a"; transcript_id "a1";')
        + exon("2", attributes='gene_id "a"; transcript_id "a2";')
        + exon("1", attributes='gene_id "b"; transcript_id "b";')
        + exon("1", "20", "29", "-", attributes='gene_id "b"; transcript_id "b";')
        + exon("7", attributes='gene_id "c"; transcript_id "c";')
        + exon("1", strand=".", attributes='gene_id "d"; transcript_id "d";')
        + exon("1", attributes='gene_id "e"; transcript_id "e";')
    )
    found = read_annotation(written(tmp_path, text), contigs={"1": 50, "2": 50})
    assert [gene.name for gene in found.genes] == ["e"]
    assert found.dropped == {"unknown_contig": 1, "no_strand": 1, "several_places": 3}


def test_touching_exons_become_one(tmp_path: Path):
    found = read_annotation(written(tmp_path, exon(end="9") + exon(start="10", end="12")))
    assert found.transcripts[0].exons == ((0, 12),) and not found.introns


def test_all_bad_lines_come_at_once(tmp_path: Path):
    text = (
        exon(start="0")
        + exon(start="9", end="8")
        + exon(start="x")
        + exon(end="101")
        + "1\ts\texon\t1\t9\n"
        + exon(attributes='gene_id "g";')
        + exon()
        + exon(attributes='gene_id "other"; transcript_id "t";')
    )
    with pytest.raises(ConfigErrors) as error:
        read_annotation(written(tmp_path, text), contigs={"1": 100})
    lines = str(error.value).splitlines()
    assert lines[0] == f"{tmp_path / 'a.gtf'}: 7 problems"
    assert [line.split(":")[0] for line in lines[1:]] == [f"  - line {n}" for n in (1, 2, 3, 4, 5, 6, 8)]
    assert (
        "another build" in lines[4] and "nine" in lines[5] and "wanted gene_id and transcript_id" in lines[6]
    )


def test_an_exon_without_parent_is_named(tmp_path: Path):
    text = "1\ts\tgene\t1\t9\t.\t+\t.\tID=g\n1\ts\texon\t1\t9\t.\t+\t.\tID=e\n"
    with pytest.raises(ConfigErrors, match="line 2: an exon with the attributes 'ID=e', wanted Parent"):
        read_annotation(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# nothing\n", "holds no exon; found no feature"),
        (exon().replace("exon", "CDS"), "holds no exon; found 1 CDS, wanted .* exons are written out"),
        (exon(contig="9"), "shares no contig with the reference: found '9', wanted 'chr1', 'chrM'"),
    ],
)
def test_an_annotation_of_no_use_is_refused(tmp_path: Path, text: str, message: str):
    with pytest.raises(InputError, match=message):
        read_annotation(written(tmp_path, text), contigs=CONTIGS)


@pytest.mark.parametrize("gtf", [True, False])
def test_what_is_translated_ends_with_the_stop_and_keeps_its_frame(tmp_path: Path, gtf: bool):
    rows = [("exon", 1, 20, "."), ("exon", 31, 60, "."), ("CDS", 5, 20, "0"), ("CDS", 31, 40, "2")]
    rows += [("stop_codon", 2, 4, "0")] if gtf else [("CDS", 2, 4, "0")]
    told = 'gene_id "g"; transcript_id "t";' if gtf else "Parent=t"
    text = "".join(f"1\ts\t{kind}\t{a}\t{b}\t.\t-\t{phase}\t{told}\n" for kind, a, b, phase in rows)
    (transcript,) = read_annotation(written(tmp_path, text)).transcripts
    assert (transcript.coding, transcript.frame) == (((1, 20), (30, 40)), 2)
    plain = read_annotation(written(tmp_path, exon())).transcripts[0]
    assert (plain.coding, plain.frame) == ((), 0)


@pytest.mark.real
def test_yeast_genes_lie_on_the_contigs_of_the_genome(real_data: Path):
    path = real_data / "expression/yeast_rnaseq/Saccharomyces_cerevisiae.SGD1.01.56.gtf.gz"
    with Reference(real_data / "regulatory/yeast_atac/genome.fa.gz") as reference:
        found = read_annotation(path, contigs=reference.contigs)
    exons = [line.split("\t") for _, line in table_lines(path) if "\texon\t" in line]
    names = {columns[8].split('"')[1] for columns in exons if columns[0] != "2-micron"}
    assert {gene.name for gene in found.genes} == names
    assert found.dropped == {"unknown_contig": 4, "no_strand": 0, "several_places": 0}
    assert found.renamed["MT"] == "chrMT"
