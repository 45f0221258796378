from dataclasses import dataclass, field

import pytest

from seqmill.simulate.typed import read_typed


@dataclass(frozen=True)
class Part:
    path: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Whole:
    seed: int
    rate: float = 0.5
    part: Part = field(default_factory=Part)
    parts: dict[str, Part] = field(default_factory=dict)


def read(content):
    problems = []
    return read_typed(Whole, content, "", problems), problems


def test_values_land_in_their_fields(monkeypatch):
    monkeypatch.setenv("SOMEWHERE", "/data")
    content = {
        "seed": 1,
        "rate": 2,
        "part": {"path": "$SOMEWHERE/a"},
        "parts": {"x-1": {"names": ["b", "c"]}},
    }
    found, problems = read(content)
    assert problems == []
    assert found == Whole(1, 2.0, Part(path="/data/a"), {"x-1": Part(names=("b", "c"))})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ([], "the file: wanted a mapping, found []"),
        ({}, "seed: is missing"),
        ({"seed": "1"}, "seed: wanted a whole number, found '1'"),
        ({"seed": True}, "seed: wanted a whole number, found True"),
        ({"seed": 1, "rate": "fast"}, "rate: wanted a number, found 'fast'"),
        ({"seed": 1, "rat": 1}, "rat: unknown key (did you mean 'rate'?); known: seed, rate, part, parts"),
        ({"seed": 1, "part": 3}, "part: wanted a mapping, found 3"),
        ({"seed": 1, "part": {"path": 3}}, "part.path: wanted text, found 3"),
        ({"seed": 1, "part": {"names": "b"}}, "part.names: wanted a list of names, found 'b'"),
        ({"seed": 1, "part": {"path": "$NOT_SET_ANYWHERE/a"}}, "part.path: $NOT_SET_ANYWHERE/a names"),
        ({"seed": 1, "parts": {}}, "parts: wanted a mapping of at least one name, found {}"),
        ({"seed": 1, "parts": {"../x": {}}}, "parts.../x: a name holds letters"),
        ({"seed": 1, "parts": {7: {}}}, "parts.7: a name holds letters"),
    ],
)
def test_each_mistake_is_named_with_its_place(content, expected):
    found, problems = read(content)
    assert found is None
    assert len(problems) == 1
    assert problems[0].startswith(expected)


def test_all_mistakes_are_found_at_once():
    _, problems = read({"rat": 1, "rate": "x", "part": {"pat": 1}})
    assert len(problems) == 4
