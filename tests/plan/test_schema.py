"""What a schema says about a mistake."""

import pytest

from seqmill.plan.schema import schema_problems, with_defaults

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["dataset"],
    "properties": {
        "dataset": {"type": "string", "pattern": "^[a-z]+$"},
        "seed": {"type": "integer", "minimum": 0, "default": 1},
        "aligner": {"enum": ["bwa", "minimap2"], "default": "bwa"},
        "names": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
        "depths": {
            "type": "object",
            "additionalProperties": {"anyOf": [{"const": "full"}, {"type": "number", "exclusiveMinimum": 0}]},
        },
        "tracking": {
            "type": "object",
            "default": {},
            "additionalProperties": False,
            "properties": {"uri": {"type": ["string", "null"], "default": None}},
        },
    },
}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ({}, "key 'dataset' is missing"),
        ({"dataset": "x", "tracking": 3}, "tracking: found 3, wanted an object"),
        ({"dataset": "x", "sed": 1}, "unknown key 'sed' (did you mean 'seed'?)"),
        ({"dataset": "x", "tracking": {"url": "y"}}, "tracking: unknown key 'url' (did you mean 'uri'?)"),
        ({"dataset": 3}, "dataset: found 3, wanted a string"),
        ({"dataset": "a b"}, "dataset: found 'a b', wanted text matching ^[a-z]+$"),
        ({"dataset": "x", "seed": -1}, "seed: found -1, wanted at least 0"),
        ({"dataset": "x", "seed": "one"}, "seed: found 'one', wanted an integer"),
        (
            {"dataset": "x", "aligner": "minimap"},
            "aligner: found 'minimap' (did you mean 'minimap2'?), wanted one of: bwa, minimap2",
        ),
        ({"dataset": "x", "names": []}, "names: the list is empty, wanted at least 1 entry"),
        ({"dataset": "x", "names": ["a", "b", "a"]}, "names: listed twice: a"),
        ({"dataset": "x", "depths": {"train": -3}}, "depths.train: found -3, wanted more than 0"),
        ({"dataset": "x", "tracking": {"uri": 1}}, "tracking.uri: found 1, wanted a string or null"),
    ],
)
def test_a_mistake_names_key_found_and_wanted(content, problem):
    assert schema_problems(content, SCHEMA) == [problem]


def test_all_mistakes_come_at_once_in_the_order_of_the_keys():
    found = schema_problems({"sed": 1, "seed": -1, "aligner": "x"}, SCHEMA)
    assert [problem.split(":")[0].split(" '")[0] for problem in found] == [
        "unknown key",
        "key",
        "aligner",
        "seed",
    ]


def test_each_missing_key_is_named_once():
    assert schema_problems({}, {"required": ["one", "two"]}) == [
        "key 'one' is missing",
        "key 'two' is missing",
    ]


def test_a_configuration_that_is_no_mapping():
    assert schema_problems(["dataset"], SCHEMA) == ["found ['dataset'], wanted an object"]


def test_defaults_fill_what_was_left_out_at_every_level():
    given = {"dataset": "x", "seed": 4}
    assert with_defaults(given, SCHEMA) == {
        "dataset": "x",
        "seed": 4,
        "aligner": "bwa",
        "tracking": {"uri": None},
    }
    assert given == {"dataset": "x", "seed": 4}


def test_defaults_are_not_shared_between_configurations():
    first = with_defaults({"dataset": "x"}, SCHEMA)
    first["tracking"]["uri"] = "changed"
    assert with_defaults({"dataset": "x"}, SCHEMA)["tracking"] == {"uri": None}
