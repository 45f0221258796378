"""Plain mappings become typed dataclasses, or a list of everything that is wrong with them."""

from dataclasses import dataclass, field
from typing import Any, Literal

import pytest

from seqmill.errors import InputError
from seqmill.typed import build


@dataclass(frozen=True, kw_only=True)
class Inner:
    depth: int = field(default=1, metadata={"at_least": 1, "below": 10})


@dataclass(frozen=True, kw_only=True)
class Outer:
    name: str
    rate: float = field(default=0.5, metadata={"above": 0, "at_most": 1})
    fast: bool = False
    rule: Literal["cosine", "constant"] = "cosine"
    limit: int | None = None
    widths: tuple[int, ...] = (1, 2)
    inner: Inner = field(default_factory=Inner)
    anything: Any = None

    def __post_init__(self):
        if self.fast and self.rate == 1:
            raise ValueError("rate: found 1, want less when fast")
        if self.name == "taken":
            raise InputError("name: 'taken' is taken")


def problems_of(content):
    problems = []
    assert (build(Outer, content, path="top", problems=problems) is None) == bool(problems)
    return problems


def test_values_arrive_typed_and_the_rest_has_defaults():
    problems = []
    content = {
        "name": "a",
        "rate": 1,
        "limit": 3,
        "widths": [4, 5],
        "inner": {"depth": 2},
        "anything": [None],
    }
    built = build(Outer, content, path="", problems=problems)
    assert problems == []
    assert built == Outer(name="a", rate=1.0, limit=3, widths=(4, 5), inner=Inner(depth=2), anything=[None])
    assert isinstance(built.rate, float)


def test_an_optional_value_may_be_none():
    assert problems_of({"name": "a", "limit": None}) == []


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({}, "top.name: no value; give one with top.name=..."),
        ({"name": "???"}, "top.name: no value; give one with top.name=..."),
        ({"name": "a", "rate": "???"}, "top.rate: no value; give one with top.rate=..."),
        ({"name": 3}, "top.name: found 3, want text"),
        ({"name": "a", "rate": "big"}, "top.rate: found 'big', want a number"),
        ({"name": "a", "rate": True}, "top.rate: found True, want a number"),
        ({"name": "a", "rate": 0}, "top.rate: found 0.0, want more than 0"),
        ({"name": "a", "rate": 1.5}, "top.rate: found 1.5, want at most 1"),
        ({"name": "a", "fast": 1}, "top.fast: found 1, want true or false"),
        ({"name": "a", "limit": 1.5}, "top.limit: found 1.5, want a whole number"),
        ({"name": "a", "limit": True}, "top.limit: found True, want a whole number"),
        (
            {"name": "a", "rule": "cosin"},
            "top.rule: found 'cosin' (did you mean 'cosine'?), want one of cosine, constant",
        ),
        ({"name": "a", "widths": 3}, "top.widths: found 3, want a list"),
        ({"name": "a", "widths": [1, "x"]}, "top.widths[1]: found 'x', want a whole number"),
        ({"name": "a", "inner": 3}, "top.inner: found 3, want a group of keys"),
        ({"name": "a", "inner": {"depth": 0}}, "top.inner.depth: found 0, want at least 1"),
        ({"name": "a", "inner": {"depth": 10}}, "top.inner.depth: found 10, want less than 10"),
        (
            {"name": "a", "inner": {"dept": 3}},
            "top.inner.dept: unknown key (did you mean 'depth'?); known here: depth",
        ),
        ({"name": "a", "fast": True, "rate": 1}, "top.rate: found 1, want less when fast"),
        ({"name": "taken"}, "name: 'taken' is taken"),
    ],
)
def test_one_mistake_one_sentence(content, expected):
    assert problems_of(content) == [expected]


def test_all_mistakes_are_named_at_once():
    found = problems_of({"rat": 1, "fast": "yes", "inner": {"depth": "deep", "x": 1}})
    assert [problem.split(":")[0] for problem in found] == [
        "top.rat",
        "top.name",
        "top.fast",
        "top.inner.x",
        "top.inner.depth",
    ]


@dataclass(frozen=True, kw_only=True)
class Named:
    parts: dict[str, Inner]
    words: dict[str, str] = field(default_factory=dict)


def test_values_of_a_group_are_built_and_checked_by_their_key():
    problems = []
    found = build(Named, {"parts": {"a": {"depth": 2}}}, path="", problems=problems)
    assert problems == []
    assert found.parts == {"a": Inner(depth=2)}
    assert build(Named, {"parts": {"a": 3}, "words": {"b": 4}}, path="", problems=problems) is None
    assert [problem.partition(":")[0] for problem in problems] == ["parts.a", "words.b"]
