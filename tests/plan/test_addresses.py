"""Addresses of input files, with a storage that stands in for Snakemake's."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seqmill.origin import placed
from seqmill.plan.addresses import Addresses, is_address
from seqmill.plan.samples import Sample


class Marked(str):
    """A path that carries the object behind it, as Snakemake marks it."""

    flags: dict[str, Any]


class Storage:
    """Keeps objects, address -> (text, time), and counts what is fetched."""

    def __init__(self, **objects: tuple[str, float]) -> None:
        self.objects = {f"s3://reads/{name}": told for name, told in objects.items()}
        self.fetched: list[str] = []

    def __getattr__(self, plugin: str) -> Any:
        def mark(address: str, *, keep_local: bool) -> Marked:
            assert keep_local
            marked = Marked(f"copies/{plugin}/{address.partition('://')[2]}")
            marked.flags = {"storage_object": self.object(address, Path(marked))}
            return marked

        return mark

    def object(self, address: str, copy: Path) -> SimpleNamespace:
        async def exists() -> bool:
            return address in self.objects

        async def mtime() -> float:
            return self.objects[address][1]

        async def retrieve() -> None:
            self.fetched.append(address)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(self.objects[address][0])

        return SimpleNamespace(
            local_path=lambda: copy, managed_exists=exists, managed_mtime=mtime, managed_retrieve=retrieve
        )


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_an_address():
    assert is_address("s3://reads/ada.bam")
    assert is_address("https://example.org/ada.bam")
    assert not is_address("reads/ada.bam")
    assert not is_address("/reads/s3:ada.bam")


def test_a_path_stays_and_an_address_becomes_a_marked_copy_that_tells_where_it_is_from():
    addresses = Addresses(Storage(), fetches=True)
    assert addresses.copy_of("in/ada.bam", where="x") == "in/ada.bam"
    copy = addresses.copy_of("s3://reads/ada.bam", where="x")
    assert copy == "copies/s3/reads/ada.bam"
    assert isinstance(copy, Marked)
    assert placed(copy) == {"path": "copies/s3/reads/ada.bam", "address": "s3://reads/ada.bam"}
    assert placed("in/ada.bam") == {"path": "in/ada.bam", "address": ""}
    assert addresses.problems == []


def test_a_job_on_a_node_gets_plain_paths_and_leaves_no_notes(here):
    addresses = Addresses(Storage(), fetches=False)
    copy = addresses.copy_of("s3://reads/ada.bam", where="x")
    assert type(copy) is str
    assert copy == "copies/s3/reads/ada.bam"
    assert addresses.index_of("s3://reads/ref.fa") == Path("copies/s3/reads/ref.fa.fai")
    assert list(here.iterdir()) == []


def test_each_file_of_a_sample_is_told_with_its_column():
    sample = Sample(
        name="ada", condition="x", fastq=(("s3://reads/1.fq", "ftp:/2.fq"),), labels={"truth": "nfs://t.vcf"}
    )
    addresses = Addresses(Storage(), fetches=True)
    changed = sample.renamed(addresses.copies_for("ada"))
    assert changed.fastq == (("copies/s3/reads/1.fq", "ftp:/2.fq"),)
    (problem,) = addresses.problems
    assert problem.startswith("sample 'ada', truth: found 'nfs://t.vcf', wanted a path on disk or an address")
    assert "s3://, gs://" in problem


def test_a_plugin_that_is_not_installed_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setattr("seqmill.plan.addresses.find_spec", lambda name: None)
    addresses = Addresses(Storage(), fetches=True)
    addresses.copies_for("ada")("gs://reads/ada.bam", "alignments")
    assert addresses.problems == [
        "sample 'ada', alignments: found 'gs://reads/ada.bam', but nothing is installed that reads gs://; "
        "pip install snakemake-storage-plugin-gcs, or copy the file to disk"
    ]


@pytest.mark.parametrize("address", ["https://me:pass@host/a.bed", "https://host/a.bed?key=pass"])
def test_credentials_in_an_address_are_refused_and_not_repeated(address):
    addresses = Addresses(Storage(), fetches=True)
    addresses.copy_of(address, where="reference")
    (problem,) = addresses.problems
    assert problem.startswith("reference: found 'https://host/a.bed' with a user, or with something behind")
    assert "pass" not in problem


@pytest.mark.parametrize("address", ["s3://reads", "s3://reads/folder/", "https:///a.bam"])
def test_an_address_is_that_of_a_file(address):
    addresses = Addresses(Storage(), fetches=True)
    addresses.copy_of(address, where="reference")
    assert addresses.problems == [f"reference: found '{address}', wanted the address of a file"]


def test_two_addresses_with_one_copy_are_refused():
    addresses = Addresses(Storage(), fetches=True)
    addresses.copy_of("http://host/a.bed", where="x")
    addresses.copy_of("https://host/a.bed", where="sample 'bo', confident")
    assert addresses.problems == [
        "sample 'bo', confident: 'https://host/a.bed' and 'http://host/a.bed' have the same copy, "
        "copies/http/host/a.bed; keep one of them"
    ]


def test_the_index_of_a_reference_is_fetched_once_and_again_when_it_is_newer():
    storage = Storage(**{"ref.fa.fai": ("c1\t8\t4\t8\t9\n", 5.0)})
    for time, fetched in ((5.0, 1), (6.0, 1), (9e12, 2)):
        storage.objects["s3://reads/ref.fa.fai"] = ("c1\t8\t4\t8\t9\n", time)
        addresses = Addresses(storage, fetches=True)
        index = addresses.index_of("s3://reads/ref.fa")
        assert index is not None
        assert index.read_text() == "c1\t8\t4\t8\t9\n"
        assert storage.fetched == ["s3://reads/ref.fa.fai"] * fetched
        assert addresses.problems == []


def test_a_reference_without_an_index_beside_it():
    addresses = Addresses(Storage(), fetches=True)
    assert addresses.index_of("s3://reads/ref.fa") is None
    (problem,) = addresses.problems
    assert problem.startswith("reference: found no s3://reads/ref.fa.fai; put the index of 'samtools faidx'")
