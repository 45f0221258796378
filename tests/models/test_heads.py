"""Profile and counts out of hidden channels."""

import math

import torch

from seqmill.models.heads import ProfileCountHead


def test_a_fresh_head_expects_the_same_everywhere_and_counts_add_up():
    head = ProfileCountHead(3, window=6, stride=2, hidden=4)
    torch.nn.init.zeros_(head.correction[2].weight)
    torch.nn.init.zeros_(head.correction[2].bias)
    log_rates, log_counts = head(torch.randn(2, 3, 20))
    torch.testing.assert_close(log_rates, torch.full((2, 1, 20), math.log(0.2)))
    torch.testing.assert_close(log_counts, torch.full((2, 1, 8), math.log(6 * 0.2)))


def test_windows_sum_the_rates_of_their_bins():
    torch.manual_seed(1)
    head = ProfileCountHead(3, window=4, stride=3, hidden=2)
    torch.nn.init.normal_(head.rate.weight)
    torch.nn.init.zeros_(head.correction[2].weight)
    torch.nn.init.constant_(head.correction[2].bias, 0.5)
    with torch.no_grad():
        log_rates, log_counts = head(torch.randn(1, 3, 13))
    rates = log_rates.exp()[0, 0]
    expected = [0.5 + math.log(float(rates[first : first + 4].sum())) for first in (0, 3, 6, 9)]
    torch.testing.assert_close(log_counts[0, 0], torch.tensor(expected))


def test_a_runaway_rate_stays_finite():
    head = ProfileCountHead(1, window=2, stride=2, hidden=1)
    torch.nn.init.constant_(head.rate.weight, 1e6)
    log_rates, log_counts = head(torch.ones(1, 1, 4))
    assert log_rates.isfinite().all()
    assert log_counts.isfinite().all()
