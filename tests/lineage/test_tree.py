"""The drawn tree, against one written by hand."""

from seqmill.lineage.tree import draw_tree
from seqmill.lineage.verify import CHANGED, MISSING, SAME, Checked
from seqmill.origin import Node, Step

REFERENCE = Node(kind="reference", name="r.fa", digest="1" * 64, of="bases")
READS = Node(kind="reads", name="ada.fq.gz", digest="2" * 64, sample="ada")
STAGED = Node(
    kind="alignments",
    name="ada.bam",
    digest="3" * 64,
    sample="ada",
    step=Step(command="seqmill reads --sample ada", program="0.1.0", commit="0123456789abcdef"),
    parents=(READS, REFERENCE),
)
TRUTH = Node(kind="truth", name="truth.vcf.gz", digest="4" * 64, sample="ada")
DATASET = Node(
    kind="dataset",
    name="toys",
    digest="5" * 64,
    of="content",
    step=Step(command="seqmill collect", program="0.1.0", commit="0123456789abcdef+changes"),
    parents=(STAGED, TRUTH, REFERENCE),
)
SCORED = Step(command="seqmill evaluate --run x", program="0.1.0", commit="unknown")
CHECKPOINT = Node(
    kind="checkpoint",
    name="c.ckpt",
    digest="6" * 64,
    of="weights",
    step=Step(command="", program="0.1.0"),
    parents=(DATASET,),
)
PREDICTIONS = Node(
    kind="predictions",
    name="p.parquet",
    digest="7" * 64,
    of="content",
    step=SCORED,
    parents=(CHECKPOINT, DATASET),
)
METRICS = Node(
    kind="metrics", name="m.json", digest="8" * 64, of="content", step=SCORED, parents=(PREDICTIONS,)
)

DRAWN = """\
m.json  metrics  content 8888888888888888
│ $ seqmill evaluate --run x  [seqmill 0.1.0]
└─ p.parquet  predictions  content 7777777777777777
   ├─ c.ckpt  checkpoint  weights 6666666666666666
   │  │ $ (called from Python)  [seqmill 0.1.0]
   │  └─ toys  dataset  content 5555555555555555
   │     │ $ seqmill collect  [seqmill 0.1.0, commit 0123456789 with uncommitted changes]
   │     ├─ ada.bam  alignments of ada  sha256 3333333333333333
   │     │  │ $ seqmill reads --sample ada  [seqmill 0.1.0, commit 0123456789]
   │     │  ├─ ada.fq.gz  reads of ada  sha256 2222222222222222
   │     │  └─ r.fa  reference  bases 1111111111111111
   │     ├─ truth.vcf.gz  truth of ada  sha256 4444444444444444
   │     └─ r.fa  reference  bases 1111111111111111
   └─ toys  dataset  content 5555555555555555  (as above)
"""


def test_the_tree_goes_down_to_reads_reference_and_labels():
    assert draw_tree(METRICS) == DRAWN


def test_what_became_of_a_file_stands_behind_it():
    checked = [
        Checked(node=STAGED, status=SAME),
        Checked(node=READS, status=MISSING),
        Checked(node=REFERENCE, status=CHANGED),
    ]
    assert draw_tree(STAGED, checked) == (
        "ada.bam  alignments of ada  sha256 3333333333333333  [same]\n"
        "│ $ seqmill reads --sample ada  [seqmill 0.1.0, commit 0123456789]\n"
        "├─ ada.fq.gz  reads of ada  sha256 2222222222222222  [missing]\n"
        "└─ r.fa  reference  bases 1111111111111111  [changed]\n"
    )


def test_what_was_fetched_is_shown_with_its_address():
    node = Node(kind="reads", name="a.bam", digest="2" * 64, sample="ada", address="s3://reads/a.bam")
    assert draw_tree(node) == "a.bam  reads of ada  sha256 2222222222222222  from s3://reads/a.bam\n"
