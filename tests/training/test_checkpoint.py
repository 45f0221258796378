"""A checkpoint gives back the same model, and refuses input it was not trained on."""

import dataclasses

import pytest
import torch

from seqmill.errors import InputError
from seqmill.training.checkpoint import describe, load, save, weights_digest
from seqmill.training.module import build_module


@pytest.fixture
def saved(compose_run, manifest, tmp_path):
    run = compose_run("model.options.hidden=5")
    module = build_module(run, manifest.encoding, {"light": 1, "heavy": 2})
    facts = describe(
        run,
        manifest.encoding,
        label_counts={"light": 1, "heavy": 2},
        dataset_digest=manifest.digest,
        run_id="r1",
    )
    path = tmp_path / "checkpoint.ckpt"
    save(path, module.state_dict(), facts)
    return path, module, facts


def test_it_gives_the_same_answers_in_evaluation_mode(saved, manifest):
    path, module, facts = saved
    loaded, found = load(path, encoding=manifest.encoding)
    values = torch.linspace(0, 1, 16).view(2, 8)
    assert not loaded.training
    assert torch.equal(loaded.network(values), module.eval().network(values))
    assert found == {**facts, "weights_digest": weights_digest(module.state_dict())}
    assert loaded.label_counts == {"light": 1, "heavy": 2}


def test_it_holds_nothing_but_tensors_and_plain_values(saved):
    content = torch.load(saved[0], weights_only=True)
    assert set(content) == {"seqmill", "state_dict"}
    assert {"application", "network", "options", "encoding", "encoding_digest", "dataset_digest"} <= set(
        content["seqmill"]
    )


def test_another_encoding_is_refused_and_the_option_that_differs_is_named(saved, manifest):
    other = dataclasses.replace(manifest.encoding, options={"width": 9})
    with pytest.raises(InputError, match=r"checkpoint\.ckpt: .* options\.width: 9 found, 8 wanted"):
        load(saved[0], encoding=other)


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 broken archive"])
def test_a_damaged_file_is_refused(content, tmp_path):
    path = tmp_path / "checkpoint.ckpt"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"checkpoint\.ckpt: found no readable checkpoint"):
        load(path)


def test_a_truncated_checkpoint_is_refused(saved):
    path = saved[0]
    path.write_bytes(path.read_bytes()[:-600])
    with pytest.raises(InputError, match="found no readable checkpoint"):
        load(path)


def test_a_checkpoint_of_another_program_is_refused(tmp_path):
    path = tmp_path / "other.ckpt"
    torch.save({"state_dict": {}}, path)
    with pytest.raises(InputError, match="a file of another program"):
        load(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.ckpt: no such checkpoint"):
        load(tmp_path / "nowhere.ckpt")
