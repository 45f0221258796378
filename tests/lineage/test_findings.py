"""What differs is named, and only changed data stop a reproduction."""

from pathlib import Path

from seqmill.lineage.findings import environment_findings, file_findings
from seqmill.lineage.verify import CHANGED, MISSING, SAME, Checked
from seqmill.origin import Node

HERE = {
    "commit": "c1",
    "changes": "",
    "python": "3.11.7",
    "platform": "Linux",
    "processor": "one",
    "device": "1 x cpu, 32-true",
    "threads": "1",
    "packages": "numpy==2.4.6\ntorch==2.13.0\n",
}


def told(recorded: dict, now: dict) -> list[str]:
    return [str(one) for one in environment_findings(recorded, now) if not one.same]


def test_the_same_environment():
    assert told(HERE, HERE) == []
    said = [str(one) for one in environment_findings(HERE, HERE)]
    assert "same       code: c1" in said
    assert "same       uncommitted changes: none" in said
    assert said[-1] == "same       packages: 2 packages"


def test_each_difference_is_named():
    now = HERE | {"commit": "c2", "changes": "ff", "packages": "numpy==2.4.6\ntorch==2.14.0\nnew==1\n"}
    assert told(HERE, now) == [
        "different  code: c1 expected, c2 found",
        "different  uncommitted changes: none expected, ff found",
        "different  package new: not installed expected, 1 found",
        "different  package torch: 2.13.0 expected, 2.14.0 found",
    ]
    assert not any(one.stops for one in environment_findings(HERE, now))


def test_what_was_not_recorded_is_not_called_different():
    assert "unknown    code: not recorded, c1 found" in told({}, HERE)
    assert "unknown    packages: not recorded, 2 packages found" in told({}, HERE)


def test_a_changed_file_stops_and_a_missing_one_does_not():
    reads = Node(kind="reads", name="a.fq", digest="aa", path="in/a.fq")
    bases = Node(kind="reference", name="r.fa", digest="bb", of="bases", path="r.fa")
    checked = [
        Checked(node=reads, status=CHANGED, path=Path("in/a.fq"), found="cc"),
        Checked(node=bases, status=SAME, path=Path("r.fa"), found="bb"),
        Checked(node=reads, status=MISSING),
    ]
    findings = list(file_findings(checked))
    assert [str(one) for one in findings] == [
        "different  reads in/a.fq: sha256 aa expected, sha256 cc found",
        "same       reference r.fa: bases bb",
        "different  reads in/a.fq: aa expected, no such file found",
    ]
    assert [one.stops for one in findings] == [True, False, False]
