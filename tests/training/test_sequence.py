"""Models as functions of DNA; that of a trained one is tested with its application."""

import pytest

from seqmill.errors import InputError
from seqmill.training import sequence


def test_a_model_that_reads_no_dna_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(sequence, "load", lambda path: (None, {"application": "small_variants"}))
    with pytest.raises(InputError, match=r"m\.ckpt: a model of small_variants found, which reads no DNA"):
        sequence.sequence_function(tmp_path / "m.ckpt")
