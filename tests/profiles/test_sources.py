"""Every source and every kind of word can be loaded."""

from dataclasses import is_dataclass

import pytest

from seqmill.profiles.sources import SOURCES, TEXTS, load_text


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_has_typed_options_and_something_that_reads(name):
    assert is_dataclass(SOURCES[name].options)
    assert callable(SOURCES[name].load())


@pytest.mark.parametrize("name", TEXTS)
def test_a_kind_of_word_can_be_loaded(name):
    assert callable(load_text(name))
