"""A model with randomised weights: what its explanation shows was not learnt."""

import copy

import torch


def randomised(module: torch.nn.Module, *, seed: int) -> torch.nn.Module:
    """Give a copy of a module in which the entries of each parameter are shuffled.

    Each parameter keeps its distribution of values. Buffers, such as running means, stay as they are.

    Notes
    -----
    The model-parameter randomisation test of Adebayo, Gilmer, Muelly, Goodfellow, Hardt and Kim, "Sanity
    checks for saliency maps", NeurIPS (2018).
    """
    generator = torch.Generator().manual_seed(seed)
    copied = copy.deepcopy(module)
    with torch.no_grad():
        for parameter in copied.parameters():
            order = torch.randperm(parameter.numel(), generator=generator)
            parameter.copy_(parameter.flatten()[order].view_as(parameter))
    return copied
