"""Predictions, row by row against what the payload says."""

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from seqmill.evaluation.predictions import (
    Predictor,
    logits,
    predict_split,
    write_predictions,
)


def test_every_example_once_with_its_own_output(echo, encoding, manifest, expected):
    table = predict_split(Predictor(echo, encoding), manifest, "test", threads=1)
    assert sorted(table["start"]) == list(range(700))
    assert set(table["sample"]) == {"bo"} and set(table["split"]) == {"test"}
    assert "pileup" not in table
    for start, found, length in zip(table["start"], logits(table), table["length"], strict=True):
        assert found.tolist() == expected(start).tolist()
        assert length == 1 + start % 3


def test_record_batches_give_what_shards_give(echo, encoding, manifest, examples):
    predictor = Predictor(echo, encoding)
    stored = predict_split(predictor, manifest, "validation", threads=1).set_index("start").sort_index()
    streamed = pd.DataFrame(predictor.record_batch(examples.slice(700, 700)))
    assert np.array_equal(logits(stored), logits(streamed))


def test_parquet_repeats_byte_for_byte_and_keeps_types(echo, encoding, manifest, tmp_path):
    table = predict_split(Predictor(echo, encoding), manifest, "test", threads=1)
    for name in ("a", "b"):
        write_predictions(tmp_path / f"{name}.parquet", table)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    schema = pq.read_schema(tmp_path / "a.parquet")
    assert str(schema.field("example_id").type) == "uint64"
    assert str(schema.field("logit_2").type) == "float"
