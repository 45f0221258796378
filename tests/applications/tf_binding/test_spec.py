"""Options and their encoding."""

import json

import pytest

from seqmill.applications.tf_binding.spec import Options, encoding, options_of
from seqmill.errors import InputError
from seqmill.shards.schema import Encoding


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ((), "options.factors: found none"),
        (("CTCF", "PU.1"), "found 'PU.1', want each name once, of letters"),
        (("CTCF", "CTCF"), "found 'CTCF', want each name once"),
    ],
)
def test_names_of_factors_that_cannot_be_told_apart_are_refused(factors, said):
    with pytest.raises(InputError, match=said):
        Options(factors=factors)


def test_options_come_back_from_a_written_encoding():
    options = Options(factors=("CTCF", "SPI1"), window=100, gc_matched=0)
    written = json.loads(json.dumps(encoding(options).to_dict()))
    assert options_of(Encoding.from_dict(written)) == options
    assert Encoding.from_dict(written).digest == encoding(options).digest
