"""Every text of a run is there to be looked at: name, tags, parameters, datasets, artifacts."""

from pathlib import Path

from seqmill.tracking.fields import fetch_artifacts, run_fields
from seqmill.tracking.run import open_run


def test_all_texts_of_all_runs(store):
    with open_run(store, "toys", name="named", tags={"tag": "tagged"}) as run:
        run.params({"key": "valued"})
        run.metrics({"measured": 1.0}, step=0)
        run.dataset(name="data", source="sourced", digest="00", context="training")
    with open_run(store, "toys", name="another"):
        pass
    told = dict(run_fields(store, "toys"))
    assert len(told) == 2
    for word in ("named", "tag", "tagged", "key", "valued", "measured", "data", "sourced"):
        assert word in told[f"run {run.run_id}"]


def test_artifacts_are_copied_run_by_run(store, tmp_path):
    with open_run(store, "toys", name="one") as run:
        run.text("of nobody", "notes/a.txt")
    fetch_artifacts(store, "toys", tmp_path)
    assert [path.read_text() for path in Path(tmp_path, run.run_id).rglob("*.txt")] == ["of nobody"]
