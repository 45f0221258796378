"""How several processes share one model: all of it in each, or a shard in each."""

from functools import partial

import pytorch_lightning as pl
from pytorch_lightning.strategies import ModelParallelStrategy, Strategy
from torch import nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import fully_shard


def choose_strategy(name: str, world_size: int, module: pl.LightningModule) -> str | Strategy:
    """Give what a Trainer takes as its strategy.

    Parameters
    ----------
    name : str
        ``auto``, ``ddp`` or ``fsdp``.
    world_size : int
        Processes; one has nothing to share.
    module : LightningModule
        The task; with ``fsdp`` it is told how to shard itself when the processes have joined.
    """
    if world_size == 1:
        return "auto"
    if name != "fsdp":
        return "ddp"
    module.configure_model = partial(_shard, module)  # type: ignore[method-assign]
    return ModelParallelStrategy(
        data_parallel_size=world_size, tensor_parallel_size=1, save_distributed_checkpoint=False
    )


def _shard(module: pl.LightningModule) -> None:
    """Shard each network, and in it each block of a list or chain of layers; they are gathered in turn."""
    mesh = module.device_mesh["data_parallel"]
    for network in module.children():
        for layers in reversed(list(network.modules())):
            if isinstance(layers, nn.ModuleList | nn.Sequential):
                for block in layers:
                    _shard_one(block, mesh)
        _shard_one(network, mesh)


def _shard_one(module: nn.Module, mesh: DeviceMesh) -> None:
    is_called = not isinstance(module, nn.ModuleList)  # what is never called has no moment to be gathered
    if is_called and any(True for _ in module.parameters()):
        fully_shard(module, mesh=mesh)
