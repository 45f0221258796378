"""Runs of several datasets: refused with what differs, or compared on the items in common."""

from dataclasses import replace

import pytest

from seqmill.comparison.datasets import differences, in_words, manifests_of
from seqmill.comparison.mixed import load
from seqmill.comparison.runs import load_callers
from seqmill.errors import InputError


@pytest.fixture
def other(study, make, tmp_path):
    """Another dataset whose test contig and options differ, and a run scored on it."""
    splits = study.manifest.splits | {"test": {"samples": ["eve"], "contigs": ["c3", "c4"]}}
    encoding = replace(study.manifest.encoding, options={"rows": 32})
    manifest = replace(
        study.manifest,
        path=tmp_path / "other" / "manifest.json",
        dataset="other",
        splits=splits,
        encoding=encoding,
        inputs={"eve": [{"name": "eve.bam", "sha256": "1" * 64}]},
    )
    manifest.save()
    run = make.run(tmp_path / "far", make.items([1], 0), experiment="far", seed=1, digest=manifest.digest)
    (run / "config.yaml").write_text(f"experiment: far\ndataset:\n  manifest: {manifest.path}\n")
    return manifest, run


def test_one_dataset_is_as_before(study):
    callers, mixed = load(study.runs, study.baselines, study.manifest, intersection=True)
    assert mixed is None
    assert len(callers) == 4


def test_another_dataset_is_refused_with_what_differs(study, other):
    manifest, run = other
    with pytest.raises(InputError) as refused:
        load([*study.runs, run], [], study.manifest, intersection=False)
    for said in (
        str(run),
        manifest.digest,
        "--intersection",
        "test contigs: none | c4",
        "option rows:  | 32",
    ):
        assert said in str(refused.value).replace("option rows: none", "option rows: "), said


def test_a_dataset_whose_manifest_is_gone_is_refused_by_its_digest(study, other):
    manifest, run = other
    manifest.path.unlink()
    with pytest.raises(InputError, match=manifest.digest):
        load([run], [], study.manifest, intersection=False)


def test_intersection_says_how_many_and_what_differs(study, other):
    _, run = other
    callers, mixed = load([*study.runs, run], [], study.manifest, intersection=True)
    assert [caller.name for caller in callers] == ["fair", "far", "good"]
    assert mixed.common.items == 900
    ((first, second, told),) = mixed.differences
    assert (first[:4], second[:5]) == ("demo", "other")
    assert ("test contigs", "", "c4") in told


def test_differences_by_kind(study, other):
    manifest, _ = other
    names = [name for name, _, _ in differences(study.manifest, manifest)]
    assert names == ["test contigs", "option rows", "encoding digest"]
    changed = replace(manifest, inputs={"eve": [{"name": "eve.bam", "sha256": "2" * 64}]}, seed=2)
    assert [name for name, _, _ in differences(manifest, changed)] == ["seed", "reads or labels of eve"]
    assert differences(manifest, manifest) == []
    assert "seed: 1 | 2" in in_words([manifest, changed])


def test_manifests_are_found_through_the_configuration(study, other):
    manifest, run = other
    runs = [one for caller in load_callers([run], several_datasets=True) for one in caller.runs]
    assert set(manifests_of(runs, [])) == {manifest.digest}
