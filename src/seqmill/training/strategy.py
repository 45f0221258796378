"""How several processes share one model."""

from pytorch_lightning.strategies import Strategy


def choose_strategy(name: str, world_size: int) -> str | Strategy:
    """Give what a Trainer takes as its strategy.

    Parameters
    ----------
    name : str
        ``auto``, ``ddp`` or ``fsdp``.
    world_size : int
        Processes; one needs nothing to share.
    """
    if world_size == 1:
        return "auto"
    return "ddp" if name == "auto" else name
