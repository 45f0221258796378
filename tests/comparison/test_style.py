"""Every caller has one look."""

from seqmill.comparison.runs import load_callers
from seqmill.comparison.style import looks


def test_models_are_coloured_and_solid_baselines_grey_and_dashed(study):
    given = looks(load_callers(study.runs, study.baselines))
    assert {name: look["colour"] for name, look in given.items()} == {
        "fair": "--model-0",
        "good": "--model-1",
        "caller": "--baseline-0",
        "scalars": "--baseline-1",
    }
    assert [given[name]["line"]["dash"] for name in given] == ["solid", "solid", "dash", "dot"]
    assert len({look["marker"]["symbol"] for look in given.values()}) == 4
