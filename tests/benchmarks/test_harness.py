"""The measuring itself: turns, the best of each, what a goal means, what is written down."""

import json
import sys
from itertools import accumulate

import pytest
from harness import NOT_INSTALLED, Case, Claim, best_peer, claim, cpu_seconds, main, measure


def a_claim(**changes) -> Claim:
    given = {"ours": 30.0, "peer": 10.0, "peer_name": "peer", "goal": 3.0, "unit": "reads/s"}
    return claim("key", "We do it", **given | changes)


def test_cases_take_turns():
    order: list[str] = []
    measure([Case("a", lambda: order.append("a")), Case("b", lambda: order.append("b"))], rounds=3)
    assert order == ["a", "b"] * 3


def test_the_quickest_run_counts():
    # Readings come in pairs, before and after: a takes 5, b 7, then a 2, b 9.
    readings = iter(accumulate([0, 5, 0, 7, 0, 2, 0, 9]))
    cases = [Case("a", lambda: None), Case("b", lambda: None)]
    assert measure(cases, rounds=2, clock=lambda: float(next(readings))) == {"a": 2.0, "b": 7.0}


def test_cases_need_names_of_their_own():
    with pytest.raises(ValueError, match="same name"):
        measure([Case("a", lambda: None), Case("a", lambda: None)])


def test_cpu_time_grows_with_work():
    began = cpu_seconds()
    sum(range(2_000_000))
    assert cpu_seconds() > began


@pytest.mark.parametrize(
    ("ours", "peer", "higher", "met"),
    [
        (30.0, 10.0, True, True),
        (29.9, 10.0, True, False),
        (30.0, 10.0, False, True),
        (31.0, 10.0, False, False),
    ],
)
def test_a_goal_is_reached_or_kept_below(ours: float, peer: float, higher: bool, met: bool):
    assert a_claim(ours=ours, peer=peer, higher_is_better=higher).met is met


def test_a_missing_peer_is_said(capsys: pytest.CaptureFixture[str]):
    made = a_claim(peer=None, peer_name="oxbow")
    assert made.met is None
    assert made.note == NOT_INSTALLED
    assert f"oxbow -, ratio -, goal >= 3x, - ({NOT_INSTALLED})" in capsys.readouterr().out


def test_the_best_peer_counts_and_missing_ones_are_named():
    rates = {"slow": 1.0, "gone": None, "fast": 2.0}
    assert best_peer(rates) == ("fast", 2.0, f"{NOT_INSTALLED}: gone")
    assert best_peer({"gone": None}) == ("gone", None, f"{NOT_INSTALLED}: gone")


def test_a_file_alone_writes_its_claims(tmp_path, monkeypatch: pytest.MonkeyPatch):
    answer = tmp_path / "claims.json"
    monkeypatch.setattr(sys, "argv", ["reads.py", "--quick", "--json", str(answer)])
    main(lambda *, quick: [a_claim(note=f"quick {quick}")])
    found = json.loads(answer.read_text())["claims"][0]
    assert (found["ratio"], found["note"]) == (3.0, "quick True")
    assert Claim(**found) == a_claim(note="quick True")
