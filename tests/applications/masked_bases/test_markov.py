"""Counts and chains by an independent count, conditionals by enumeration of the joint probability."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from seqmill.applications.masked_bases.markov import chain_of, composition, conditional, count_words, markov
from seqmill.applications.scoring import ScoreJob
from seqmill.genome.bases import codes_of, sequence_of

TURNED = str.maketrans("ACGT", "TGCA")


def words(sequence, size):
    return Counter(
        word
        for strand in (sequence, sequence.translate(TURNED)[::-1])
        for word in (strand[at : at + size] for at in range(len(strand) - size + 1))
        if set(word) <= set("ACGT")
    )


@pytest.mark.parametrize("size", [1, 2, 3])
def test_words_are_counted_on_both_strands_and_not_over_unknown_bases(size):
    sequences = ["ACGGTNACCA", "TTTTTACGNN"]
    counts = count_words(np.stack([codes_of(one) for one in sequences]), size)
    wanted = sum((words(one, size) for one in sequences), Counter())
    found = {
        sequence_of(np.array([number // 4**at % 4 for at in range(size - 1, -1, -1)])): int(count)
        for number, count in enumerate(counts)
        if count
    }
    assert found == dict(wanted)


def test_a_chain_of_a_lower_order_is_that_of_the_shorter_words():
    codes = np.random.default_rng(1).integers(0, 4, (300, 400)).astype(np.uint8)
    long, short = chain_of(count_words(codes, 4), 1), chain_of(count_words(codes, 2), 1)
    np.testing.assert_allclose(long, short, atol=0.01)
    np.testing.assert_allclose(np.exp(long).sum(axis=1), 1)


@pytest.mark.parametrize("order", [0, 1, 2])
def test_the_conditional_is_that_of_the_joint_probability(order):
    rng = np.random.default_rng(order)
    chain = np.log(rng.dirichlet(np.ones(4), 4**order))
    codes = rng.integers(0, 4, (2, 12)).astype(np.uint8)
    at = np.array([[4, 7], [2, 9]])
    found = conditional(codes, at, chain)

    def joint(sequence):
        return sum(
            chain[int("".join(map(str, sequence[i - order : i])) or "0", 4), sequence[i]]
            for i in range(order, len(sequence))
        )

    for row in range(2):
        for column, place in enumerate(at[row]):
            logs = []
            for base in range(4):
                changed = codes[row].copy()
                changed[place] = base
                logs.append(joint(changed.tolist()))
            wanted = np.exp(logs) / np.exp(logs).sum()
            np.testing.assert_allclose(np.exp(found[row, column]), wanted, rtol=1e-9)


def test_a_transition_with_an_unknown_base_says_nothing():
    chain = np.log(np.array([[0.7, 0.1, 0.1, 0.1]] * 2 + [[0.1, 0.7, 0.1, 0.1]] * 2))
    codes = codes_of("ACNGA")[None]
    found = conditional(codes, np.array([[3]]), chain)
    wanted = np.exp(chain)[:, 0] / np.exp(chain)[:, 0].sum()  # the transition to the A behind it alone
    np.testing.assert_allclose(np.exp(found[0, 0]), wanted)


def dataset_of(sequences):
    """Splits of one example each: 40 bases with flanks of 10."""
    examples = {
        split: pd.DataFrame(
            {"example_id": np.array([5], np.uint64), "sample": ["a"], "contig": ["c"], "start": [0]}
        )
        for split in sequences
    }
    return ScoreJob(
        lineage={},
        reads={},
        split="test",
        plan={"options": {"span": 40, "flank": 10}, "samples": {"a": {"condition": "wild"}}},
        examples=examples["test"],
        read=lambda split, columns: (examples[split], {"sequence": codes_of(sequences[split])[None]}),
    )


def test_validation_chooses_an_order_that_sees_the_repeat():
    repeat = "ACGGT" * 12
    job = dataset_of({"train": repeat, "validation": repeat, "test": repeat})
    scorer = markov(job)
    rows = {row["metric"]: row["value"] for row in scorer.further()}
    assert rows["order"] >= 2
    assert rows["perplexity.wild"] < 1.5
    items = scorer.items(None)
    assert items["value_accuracy"].tolist() == [1.0]


def test_composition_tells_shares_of_both_strands():
    job = dataset_of({"train": "A" * 60, "validation": "A" * 60, "test": "A" * 60})
    rows = {row["metric"]: row["value"] for row in composition(job).further()}
    share = (34 + 0.5) / (68 + 2)  # 34 words of seven bases begin in the span, on either strand
    assert rows["perplexity.wild"] == pytest.approx(1 / share)
