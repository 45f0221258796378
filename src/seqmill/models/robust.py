"""Losses that a wrong label pulls less at than squared error and cross-entropy.

Those of classes hang on the probability of the label alone, so that they serve two classes and many.

Sources: Huber (1964), "Robust estimation of a location parameter"; Zhang and Sabuncu (2018), "Generalized
cross entropy loss for training deep neural networks with noisy labels"; Wang et al. (2019), "Symmetric cross
entropy for robust learning with noisy labels".
"""

import torch
from torch.nn import functional as F

_POWER = 0.7
_LOG_OF_ZERO = -4.0
_WEIGHT, _REVERSE_WEIGHT = 0.1, 1.0  # those of Wang et al. for CIFAR-10


def number_losses(said: torch.Tensor, wanted: torch.Tensor, loss: str) -> torch.Tensor:
    """Give the loss of each number, in units of the spread of the labels.

    ``standard`` is the squared error; ``huber`` is the squared error up to one unit, and beyond it grows in
    proportion to the error, with the same slope at one.
    """
    if loss == "standard":
        return (said - wanted) ** 2
    return 2 * F.huber_loss(said, wanted, reduction="none")


def label_losses(log_probability: torch.Tensor, loss: str) -> torch.Tensor:
    """Give the loss of each label from the natural logarithm of its probability.

    ``standard`` is cross-entropy, -log p. ``generalised`` is (1 - p^q) / q with q = 0.7: between
    cross-entropy (q to 0) and the mean absolute error (q = 1). ``symmetric`` adds to 0.1 times cross-entropy
    that of the label under the prediction, where the logarithm of 0 is -4: 4 (1 - p).
    """
    if loss == "standard":
        return -log_probability
    if loss == "generalised":
        return -torch.expm1(_POWER * log_probability) / _POWER
    return -_WEIGHT * log_probability + _REVERSE_WEIGHT * _LOG_OF_ZERO * torch.expm1(log_probability)
