"""The gradient of each person, by Opacus's hooks, and a check that there is such a thing."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from torch import nn

from seqmill.errors import InputError
from seqmill.training.private.persons import Columns

LOOKED_AT = 4
"""Persons whose gradients are compared before training."""

_TOLERANCE = 1e-3
_INSTEAD = {
    "BatchNorm": "LayerNorm or GroupNorm: it mixes the persons of a batch",
    "InstanceNorm": "InstanceNorm that tracks no statistics, LayerNorm or GroupNorm",
    "LSTM": "a perceptron or convolutions: gradients of each person cannot be had of recurrent cells",
    "GRU": "a perceptron or convolutions: gradients of each person cannot be had of recurrent cells",
    "RNN": "a perceptron or convolutions: gradients of each person cannot be had of recurrent cells",
    "MultiheadAttention": "attention of linear layers",
}


def attach(module: pl.LightningModule) -> Any:
    """Let the backward pass leave the gradient of each person beside each weight of the network.

    Parameters
    ----------
    module : LightningModule
        A task with its network as ``network``. Names and values of weights stay as they are.

    Raises
    ------
    InputError
        When layers of the network mix persons, or the task has weights outside of it.
    """
    from opacus.grad_sample.grad_sample_module import GradSampleHooks

    network: nn.Module = module.network  # type: ignore[assignment]
    refuse_layers(network)
    inside = {id(weight) for weight in network.parameters()}
    outside = [
        name
        for name, weight in module.named_parameters()
        if weight.requires_grad and id(weight) not in inside
    ]
    if outside:
        raise InputError(
            f"privacy: weights outside of the network found ({', '.join(outside)}), all of them in "
            f"'{type(module).__name__}.network' wanted, where the gradients of each person are taken"
        )
    warnings.filterwarnings("ignore", message="Full backward hook is firing")  # tables need no gradient
    try:
        return GradSampleHooks(network, loss_reduction="mean")
    except NotImplementedError as error:
        raise InputError(f"privacy: a network that cannot be trained privately found: {error}") from error


def refuse_layers(network: nn.Module) -> None:
    """Raise InputError when layers mix the persons of a batch, or hide their gradients."""
    from opacus.validators import ModuleValidator

    found = []
    for name, layer in network.named_modules():
        kind = type(layer).__name__
        known = next((word for word in _INSTEAD if word in kind), None)
        alone = ModuleValidator.VALIDATORS.get(type(layer))
        if alone is not None and alone(layer):
            found.append(f"{name or 'network'} ({kind}): use {_INSTEAD[known] if known else 'another layer'}")
    if found:
        raise InputError(f"privacy: layers that cannot be trained privately found: {'; '.join(found)}")


def check_gradients(module: pl.LightningModule, hooks: Any, persons: Columns) -> None:
    """Compare gradients of some persons together with those of each of them alone.

    They differ where the loss or the network of a person hangs on the others of the batch: a network that is
    given each distinct row once, in another order than the examples, or a loss over pairs or sets at risk,
    such as Cox's. Clipping would then bound nobody's influence.

    Parameters
    ----------
    module : LightningModule
        A task with hooks attached.
    hooks : GradSampleHooks
        The hooks.
    persons : dict
        Column -> values of all persons.

    Raises
    ------
    InputError
        When they differ, or a weight has no gradient.
    """
    rows = np.argsort(-persons["profile"], kind="stable")[
        :LOOKED_AT
    ]  # falling: a sorted look-up is found out
    batch = {name: torch.from_numpy(values[rows]).to(module.device) for name, values in persons.items()}
    weights = {name: weight for name, weight in module.named_parameters() if weight.requires_grad}
    with _plain(module):
        module.training_step(batch, 0).backward()
        together = {name: getattr(weight, "grad_sample", None) for name, weight in weights.items()}
        _forget(weights)
        hooks.disable_hooks()
        alone = []
        for row in range(len(rows)):
            loss = module.training_step({name: values[row : row + 1] for name, values in batch.items()}, 0)
            alone.append(torch.autograd.grad(loss, list(weights.values()), allow_unused=True))
        hooks.enable_hooks()
    _forget(weights)
    missing = [name for name, found in together.items() if found is None]
    if missing:
        raise InputError(
            f"privacy: weights that the loss does not reach found: {', '.join(missing)}; drop them"
        )
    for index, name in enumerate(weights):
        found = together[name]
        wanted = torch.stack(
            [torch.zeros_like(weights[name]) if one[index] is None else one[index] for one in alone]
        )
        error = (found - wanted).abs().max() if found.shape == wanted.shape else torch.tensor(torch.inf)
        if not error <= _TOLERANCE * wanted.abs().max() + 1e-7:
            raise InputError(
                f"privacy: the gradient of a person in {name} hangs on the other persons of the batch; a "
                "loss that is a mean over persons and a network that reads one row of input for each of them "
                "are wanted (ProfiledTask.input_of); train this one without, with privacy=none"
            )


@contextmanager
def _plain(module: pl.LightningModule) -> Iterator[None]:
    """Let nothing be drawn at random, while layers with weights still take part in the hooks."""
    was = {layer: layer.training for layer in module.modules()}
    module.eval()
    for layer in module.modules():
        if any(True for _ in layer.parameters(recurse=False)):
            layer.training = True
    with torch.random.fork_rng(devices=[]):
        yield
    for layer, training in was.items():
        layer.training = training


def _forget(weights: dict[str, nn.Parameter]) -> None:
    for weight in weights.values():
        weight.grad = None
        weight.grad_sample = None  # type: ignore[attr-defined]
