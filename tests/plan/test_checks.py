"""Mistakes of ``federated`` are told before any job."""

import pytest

from seqmill.plan.checks import federated_problems

ASKED = {"experiment": "net", "rounds": 2, "sites": {"north": "n/manifest.json", "south": "s/manifest.json"}}


def problems(experiments=("net",), mode="shared", **changed):
    return list(federated_problems({"federated": ASKED | changed, "tracking": {"mode": mode}}, experiments))


def test_nothing_is_said_where_all_is_right_or_nothing_was_asked():
    assert problems() == problems(experiments=()) == []
    assert not list(federated_problems({"federated": None, "tracking": {"mode": "merged"}}, ["net"]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"experiment": "nett"}, "no experiment 'nett' (did you mean 'net'?); known are net"),
        ({"sites": {"north": "n/dataset"}}, "sites.north: found 'n/dataset', wanted the manifest.json"),
        ({"sites": {"average": "a/manifest.json"}}, "sites.average: found 'a/manifest.json'"),
        ({"mode": "merged"}, "tracking.mode: found merged, wanted shared"),
    ],
)
def test_each_mistake_is_named(given, words):
    (told,) = problems(**given)
    assert words in told
