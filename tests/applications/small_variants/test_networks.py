"""Each network takes payloads, gives logits, and can learn a planted rule."""

import pytest
import torch

from seqmill.applications.application import load_object
from seqmill.applications.small_variants.spec import APPLICATION, Options
from tests.applications.small_variants.payloads import ALT, COLUMNS, REF, ROWS, payload

ENCODING = APPLICATION.encoding(Options(rows=ROWS, columns=COLUMNS))
SMALL = {
    "scalars": {"hidden": 16, "layers": 2, "dropout": 0.0},
    "pileup_cnn": {"channels": 8, "blocks": 2, "hidden": 16, "dropout": 0.0},
    "pileup_gru": {"hidden": 8, "head": 16, "dropout": 0.0},
}


def build(name: str) -> torch.nn.Module:
    torch.manual_seed(1)
    network = APPLICATION.network(name)
    return load_object(network.build)(ENCODING, load_object(network.options)(**SMALL[name]))


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    rows = [[REF] * 6, [ALT] * 3 + [REF] * 3, [ALT] * 6]
    return torch.cat([payload(reads) for reads in rows]), torch.tensor([0, 1, 2])


def test_every_network_of_the_application_is_tried() -> None:
    assert set(SMALL) == set(APPLICATION.networks)


@pytest.mark.parametrize("name", SMALL)
def test_a_planted_rule_is_learnt(name: str) -> None:
    network, (pileups, copies) = build(name), batch()
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(60):
        loss = torch.nn.functional.cross_entropy(network(pileups), copies)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    network.eval()
    assert network(pileups).argmax(1).tolist() == [0, 1, 2]


@pytest.mark.parametrize("name", SMALL)
def test_examples_do_not_see_each_other_when_predicting(name: str) -> None:
    network, (pileups, _) = build(name).eval(), batch()
    together = network(pileups)
    assert together.shape == (3, 3)
    alone = torch.cat([network(pileups[i : i + 1]) for i in range(3)])
    assert torch.allclose(together, alone, atol=1e-5)
