"""Options decide labels and components; datasets without components are the same as ever."""

import pytest

from seqmill.applications.application import find_application
from seqmill.applications.disease_risk.spec import Options, encoding
from seqmill.applications.jobs import example_options
from seqmill.errors import ConfigErrors


def test_an_encoding_without_components_says_nothing_of_them():
    assert encoding(Options()).options == {"outcome": "binary", "unobserved": "refuse"}


def test_components_are_part_of_the_encoding():
    options = example_options(
        find_application("disease_risk"), {"components": {"count": 4}}, source="config.yaml"
    )
    assert encoding(options).options["components"] == {"block": "dosage", "count": 4}
    assert encoding(options).digest != encoding(Options()).digest


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"count": -1}, r"options.components.count: found -1, want at least 0"),
        ({"counts": 2}, r"options.components.counts: unknown key \(did you mean 'count'"),
        (4, "options.components: found 4, want a group of keys"),
    ],
)
def test_other_values_are_mistakes_of_the_configuration(given, said):
    with pytest.raises(ConfigErrors, match=said):
        example_options(find_application("disease_risk"), {"components": given}, source="config.yaml")
