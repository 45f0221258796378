"""Losses of what a network says of each person, one for each outcome."""

import torch
from torch.nn import functional as F

from seqmill.models.robust import label_losses


def logistic_loss(
    logits: torch.Tensor,
    disease: torch.Tensor,
    *,
    class_weights: torch.Tensor,
    smoothing: float = 0.0,
    loss: str = "standard",
) -> torch.Tensor:
    """Give the binary cross-entropy of each person, or a robust loss, float32 (B,).

    Parameters
    ----------
    logits : Tensor, float32, shape (B,)
        Log-odds of the disease.
    disease : Tensor, shape (B,)
        0 or 1.
    class_weights : Tensor, float32, shape (2,)
        Weight of the persons without and with the disease.
    smoothing : float
        Share of a label's weight that is spread over both classes.
    loss : str
        As `seqmill.models.robust.label_losses` has it.
    """
    wanted = disease.float() * (1 - smoothing) + smoothing / 2
    if loss == "standard":
        losses = F.binary_cross_entropy_with_logits(logits.float(), wanted, reduction="none")
    else:
        ill, well = (label_losses(F.logsigmoid(sign * logits.float()), loss) for sign in (1, -1))
        losses = wanted * ill + (1 - wanted) * well
    return losses * class_weights[disease.long()]


def cox_loss(
    log_risk: torch.Tensor, time: torch.Tensor, event: torch.Tensor, weight: torch.Tensor
) -> torch.Tensor:
    """Give the negative logarithm of the partial likelihood over the weight of the batch, a scalar.

    Cox (1972), "Regression models and life-tables"; tied times as Breslow (1974), "Covariance analysis of
    censored survival data": whoever shares a time is at risk at it. Those at risk are the persons of the
    batch, so that it is the partial likelihood of a sample of the cohort; a batch as large as the cohort
    gives that of the cohort. Without an event the loss is 0.

    Parameters
    ----------
    log_risk : Tensor, shape (B,)
        Logarithm of the hazard, up to a constant.
    time, event : Tensor, shape (B,)
        Time to event or end of observation; 1 where the event was seen, else 0.
    weight : Tensor, float32, shape (B,)
        How often each person counts.
    """
    order = torch.argsort(time, descending=True, stable=True)
    time, event, weight = time[order], event[order].float(), weight[order]
    log_risk = log_risk.float()[order]
    _, which, count = torch.unique_consecutive(time, return_inverse=True, return_counts=True)
    at_risk = torch.logcumsumexp(log_risk + weight.log(), 0)[(count.cumsum(0) - 1)[which]]
    return ((at_risk - log_risk) * event * weight).sum() / weight.sum()
