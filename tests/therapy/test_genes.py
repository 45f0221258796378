"""Attribution of a linear and of a bent function, against what they are known to be."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch

from seqmill.applications.profiled.task import ProfiledTask
from seqmill.profiles.table import Block, Table
from seqmill.shards.schema import Encoding
from seqmill.therapy.genes import candidate_targets, contributions, gene_table, mean_inputs

RNG = np.random.default_rng(4)
BITS = RNG.integers(0, 2, (6, 3)).astype(np.uint8)
LEVELS = RNG.normal(3, 2, (6, 2)).astype(np.float32)
PROFILES = Table(
    tuple("abcdef"),
    {
        "level": Block(("g1", "g2"), LEVELS, np.ones((6, 2), bool)),
        "mutated": Block(("g2", "g3", "g4"), BITS, np.ones((6, 3), bool)),
    },
)
MOLECULES = Table(
    ("m", "n"), {"scale": Block(("s",), np.array([[1.0], [3.0]], np.float32), np.ones((2, 1), bool))}
)
ENCODING = Encoding(
    application="toy",
    version=1,
    options={},
    columns=(),
    tables={"profiles": PROFILES.layout, "molecules": MOLECULES.layout},
)
WEIGHTS = torch.tensor([2.0, -1.0, 0.0, 0.0, 0.0, 0.5, 0.0, 4.0])  # level: 2 values, 2 masks, 1; then 3 bits


class Toy(ProfiledTask):
    """Says the molecule's scale times a function of the sum of weighted inputs."""

    bend = staticmethod(lambda x: x)

    def predict_step(self, batch, index=0):
        inputs, which = self.looked_up("profiles", batch["profile"])
        scale = self.inputs["molecules"].values_scale[batch["molecule"].long(), 0]
        return {"predicted_response": self.bend(inputs @ WEIGHTS)[which] * scale}


@pytest.fixture
def members():
    tasks = []
    for bend in (lambda x: x, torch.tanh):
        task = Toy(network=torch.nn.Identity(), encoding=ENCODING, run=SimpleNamespace())
        task.take_tables({"profiles": PROFILES, "molecules": MOLECULES})
        task.fit_tables({"profile": np.arange(6), "molecule": np.arange(2)})
        task.bend = bend
        tasks.append(task.eval())
    return SimpleNamespace(modules=tasks, models=tasks)


PAIRS = np.array([[4, 1], [0, 0], [2, 1]])


def test_of_a_linear_model_a_gene_contributes_weight_times_distance_over_all_blocks(members):
    found, genes, _ = contributions(members, mean_inputs(members, np.arange(6)), PROFILES, PAIRS)
    assert genes == ["g1", "g2", "g3", "g4", "(level missing)", "(mutated missing)"]
    levels = (LEVELS - LEVELS.mean(0)) / LEVELS.std(0)
    bits = BITS - BITS.mean(0)
    for (profile, molecule), own in zip(PAIRS, found[0], strict=True):
        scale = (1, 3)[molecule]
        wanted = [
            2 * levels[profile, 0],
            0.5 * bits[profile, 0] - levels[profile, 1],
            0,
            4 * bits[profile, 2],
            0,
            0,
        ]
        assert own == pytest.approx(scale * np.array(wanted), abs=1e-4)


def test_contributions_add_up_to_the_difference_to_the_baseline(members):
    found, _, incompleteness = contributions(members, mean_inputs(members, np.arange(6)), PROFILES, PAIRS)
    bent = members.modules[1]
    batch = {"profile": torch.tensor(PAIRS[:, 0]), "molecule": torch.tensor(PAIRS[:, 1])}
    said = bent.predict_step(batch)["predicted_response"]
    base = torch.tanh(mean_inputs(members, np.arange(6))[1] @ WEIGHTS) * torch.tensor([3.0, 1.0, 3.0])
    assert found[1].sum(1) == pytest.approx((said - base).numpy(), abs=0.1)
    assert 0 < incompleteness < 0.05


def test_the_model_is_left_as_it_was(members):
    before = members.modules[0].predict_step({"profile": torch.tensor([3]), "molecule": torch.tensor([1])})
    contributions(members, mean_inputs(members, np.arange(6)), PROFILES, PAIRS)
    after = members.modules[0].predict_step({"profile": torch.tensor([3]), "molecule": torch.tensor([1])})
    assert torch.equal(before["predicted_response"], after["predicted_response"])


def test_agreement_over_models_and_targets_over_a_cohort_by_hand():
    found = np.array([[[3.0, -1.0, 0.1], [0.0, 2.0, 0.1]], [[1.0, 0.5, -4.0], [0.1, 3.0, 0.2]]])
    names = pd.DataFrame({"sample": ["x", "y"], "molecule": ["m", "n"]})
    table = gene_table(found, ["g1", "g2", "g3"], names, top=1)
    assert table[["sample", "gene"]].to_numpy().tolist() == [["x", "g1"], ["y", "g2"]]
    assert table["contribution"].tolist() == [2, 2.5]
    assert table["agreement"].tolist() == [0.5, 1]
    assert table["same_sign"].tolist() == [1, 1]
    assert table["sd"].tolist() == pytest.approx([np.sqrt(2), np.sqrt(0.5)])
    targets = candidate_targets(gene_table(found, ["g1", "g2", "g3"], names, top=2)).set_index("gene")
    assert targets.loc["g2", ["pairs", "samples"]].tolist() == [1, 1]
    assert targets["share"].max() == 1
    assert candidate_targets(table[:0]).empty
