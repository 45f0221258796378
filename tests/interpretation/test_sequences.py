"""Windows as tensors and back, and models asked in batches."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqmill.genome.bases import codes_of, reverse_complement
from seqmill.interpretation.sequences import one_hot, predict

SEQUENCES = st.text("ACGTN", min_size=1, max_size=40)


@given(SEQUENCES)
def test_windows_hold_a_one_for_each_base_and_turn_as_codes_do(sequence: str):
    codes = codes_of(sequence)[None]
    windows = one_hot(codes)
    assert windows.shape == (1, 4, len(sequence)) and windows.dtype == torch.float32
    assert windows.sum(1)[0].tolist() == [float(base != "N") for base in sequence]
    assert torch.equal(windows.flip(1, 2), one_hot(reverse_complement(codes)))


def test_rows_are_in_the_order_of_the_alphabet():
    assert one_hot(codes_of("CANT")[None])[0].tolist() == [
        [0, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 1],
    ]


def test_the_size_of_a_batch_changes_nothing():
    codes = np.random.default_rng(1).integers(0, 5, (7, 12), dtype=np.uint8)
    weights = torch.from_numpy(np.random.default_rng(2).normal(size=(48, 3)).astype(np.float32))
    answers = [predict(lambda w: w.flatten(1) @ weights, codes, batch=batch) for batch in (1, 3, 64)]
    assert answers[0].shape == (7, 3)
    assert np.allclose(answers[0], answers[1], atol=1e-5) and np.allclose(answers[0], answers[2], atol=1e-5)
