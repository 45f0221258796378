"""What a Trainer is told; `test_world` trains with each."""

import pytest
from pytorch_lightning.strategies import ModelParallelStrategy

from seqmill.errors import ConfigErrors
from seqmill.training.module import build_module
from seqmill.training.strategy import choose_strategy


@pytest.mark.parametrize(
    ("name", "processes", "expected"),
    [("auto", 1, "auto"), ("ddp", 1, "auto"), ("fsdp", 1, "auto"), ("auto", 2, "ddp"), ("ddp", 4, "ddp")],
)
def test_one_process_shares_nothing_and_several_hold_the_whole_model(
    name, processes, expected, manifest, compose_run
):
    module = build_module(compose_run(), manifest.encoding, {})
    assert choose_strategy(name, processes, module) == expected


def test_a_sharded_model_is_told_how(manifest, compose_run):
    module = build_module(compose_run(), manifest.encoding, {})
    assert isinstance(choose_strategy("fsdp", 2, module), ModelParallelStrategy)
    assert module.configure_model.args == (module,)


def test_an_unknown_strategy_is_named_with_the_choices(compose_run):
    with pytest.raises(ConfigErrors, match=r"trainer\.strategy: .*deepspeed.*auto.*ddp.*fsdp"):
        compose_run("trainer.strategy=deepspeed")
