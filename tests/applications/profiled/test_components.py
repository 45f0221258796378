"""Components of ancestry: made of training people alone, seen by networks and linear models alike."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from seqmill.applications.profiled.components import (
    COMPONENTS,
    asked_of,
    axes_of,
    check_components,
    input_layouts,
    with_components,
)
from seqmill.applications.profiled.options import ComponentOptions
from seqmill.applications.profiled.task import ProfiledTask
from seqmill.errors import InputError
from seqmill.profiles.components import fit_components
from seqmill.profiles.table import Block, Table
from seqmill.shards.schema import Encoding

PEOPLE, SITES = 40, 30
ASKED = {COMPONENTS: {"block": "dosage", "count": 2}}
LEARNT = np.arange(30)


@pytest.fixture
def table():
    rng = np.random.default_rng(3)
    dosages = rng.binomial(2, rng.uniform(0.1, 0.9, (2, SITES))[np.arange(PEOPLE) % 2]).astype(np.int8)
    mask = rng.random(dosages.shape) > 0.1
    mask[-1] = False
    age = rng.normal(60, 9, (PEOPLE, 1)).astype(np.float32)
    blocks = {
        "age": Block(("age",), age, np.ones_like(age, bool)),
        "dosage": Block(tuple(f"s{one}" for one in range(SITES)), dosages, mask),
    }
    return Table(tuple(f"P{one:02}" for one in range(PEOPLE)), blocks)


def task_on(table, options=ASKED):
    encoding = Encoding(
        application="toy", version=1, options=options, columns=(), tables={"profiles": table.layout}
    )
    built = ProfiledTask(network=torch.nn.Identity(), encoding=encoding, run=SimpleNamespace())
    built.take_tables({"profiles": table})
    return built.eval()


def seen(task, rows):
    inputs = task.input_of("profiles", torch.as_tensor(rows))
    return inputs[:, task.inputs["profiles"].places()[COMPONENTS]]


def test_inputs_are_the_standardised_components_of_training_people(table):
    task = task_on(table)
    task.fit_tables({"profile": np.r_[LEARNT, LEARNT, -1]})
    block = table.blocks["dosage"]
    wanted = fit_components(block.subset(LEARNT), 2).project(block)
    mean, spread = wanted[LEARNT].mean(0), wanted[LEARNT].std(0)
    found = seen(task, np.arange(PEOPLE)).numpy()
    assert found[:-1] == pytest.approx((wanted[:-1] - mean) / spread, abs=1e-4)
    assert not found[-1].any()  # nothing is known of this one, which is told as a missing block
    places = task.inputs["profiles"].places()[COMPONENTS]
    assert task.input_of("profiles", torch.tensor([0, PEOPLE - 1]))[:, places.stop + 2].tolist() == [0, -1]


def test_linear_models_see_the_same_components(table):
    task = task_on(table)
    task.fit_tables({"profile": LEARNT})
    block = with_components(table, ASKED, LEARNT).blocks[COMPONENTS]
    assert block.features == ("PC1", "PC2")
    there = block.mask.all(1)
    assert there.tolist() == [True] * (PEOPLE - 1) + [False]
    scaled = (block.values - block.values[LEARNT].mean(0)) / block.values[LEARNT].std(0)
    assert seen(task, np.flatnonzero(there)).numpy() == pytest.approx(scaled[there], abs=1e-4)


def test_people_who_are_not_learnt_from_have_no_say(table):
    block = table.blocks["dosage"]
    values = block.values.copy()
    values[30:] = 2 - values[30:]
    other = Table(table.ids, {**table.blocks, "dosage": Block(block.features, values, block.mask)})
    states = []
    for one in (table, other):
        task = task_on(one)
        task.fit_tables({"profile": LEARNT})
        states.append(task.state_dict())
    assert any("loadings" in name for name in states[0])
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    values[3] = 2 - values[3]  # somebody who is learnt from
    task = task_on(Table(table.ids, {**table.blocks, "dosage": Block(block.features, values, block.mask)}))
    task.fit_tables({"profile": LEARNT})
    name = f"inputs.profiles.projections.{COMPONENTS}.loadings"
    assert not torch.equal(states[0][name], task.state_dict()[name])


def test_a_state_brings_its_axes_to_new_people(table):
    trained = task_on(table)
    trained.fit_tables({"profile": LEARNT})
    new = Table(
        table.ids[35:], {name: block.subset(np.arange(35, 40)) for name, block in table.blocks.items()}
    )
    loaded = task_on(new)
    loaded.load_state_dict(trained.state_dict())
    assert torch.allclose(seen(loaded, np.arange(5)), seen(trained, np.arange(35, 40)), atol=1e-6)


def test_components_are_dropped_with_the_dosages_that_they_are_of(table):
    task = task_on(table)
    task.fit_tables({"profile": LEARNT})
    task.train()
    torch.manual_seed(0)
    given = task.input_of("profiles", torch.zeros(200, dtype=torch.int64), 0.5)
    places = task.inputs["profiles"].places()
    without = ~given[:, places["dosage"]].any(1)
    assert 0 < without.sum() < 200
    assert torch.equal(without, ~given[:, places[COMPONENTS]].any(1))


def test_without_components_layout_state_and_table_stay_as_they_are(table):
    for options in ({}, {COMPONENTS: {"count": 0}}, {COMPONENTS: ComponentOptions()}):
        assert asked_of(options) is None
        task = task_on(table, options)
        assert not any("projection" in name for name in task.state_dict())
        encoding = Encoding(
            application="toy", version=1, options=options, columns=(), tables={"profiles": table.layout}
        )
        assert input_layouts(encoding) == {"profiles": table.layout}
        assert with_components(table, options, LEARNT) is table


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {"block": "dosages", "count": 2},
            r"options.components.block: found 'dosages' \(did you mean 'dosage'",
        ),
        (
            {"block": "age", "count": 1},
            "options.components.block: found 'age', which is float32 in x.json, want",
        ),
        (
            {"count": 31},
            "options.components.count: found 31, want at most the 30 sites of 'dosage' in x.json",
        ),
    ],
)
def test_what_the_table_cannot_give_is_refused(table, asked, said):
    with pytest.raises(InputError, match=said):
        check_components(ComponentOptions(**asked), table.layout, where="x.json")


def test_a_block_of_the_same_name_is_refused(table):
    layout = table.layout | {COMPONENTS: table.layout["age"]}
    with pytest.raises(InputError, match=r"x.json: found a block 'components'.*rename the block"):
        check_components(ComponentOptions(count=1), layout, where="x.json")


def test_fewer_people_or_common_sites_than_components_are_refused(table):
    block = table.blocks["dosage"]
    with pytest.raises(
        InputError, match=r"options.components.count: 5 components wanted of \d+ common.* 4 people"
    ):
        axes_of(ComponentOptions(count=5), block.values[:4], block.mask[:4])
    with pytest.raises(InputError, match="of 0 common sites and 40 people; ask for fewer"):
        axes_of(ComponentOptions(count=1), np.zeros_like(block.values), block.mask)
