"""Coverage and width of intervals on items by hand, and what travels beside a checkpoint."""

import json

import numpy as np
import pandas as pd
import pytest

from seqmill.errors import InputError
from seqmill.evaluation.conformal import Radius
from seqmill.evaluation.coverage import fit_radii, interval_metrics, read_radii, set_metrics, write_radii


def items(n, seed, wide=8.0):
    rng = np.random.default_rng(seed)
    molecule = np.where(rng.random(n) < 0.5, "easy", "hard")
    observed = rng.normal(size=n)
    predicted = observed + rng.normal(size=n) * np.where(molecule == "hard", wide, 1.0)
    return pd.DataFrame(
        {
            "item": np.arange(n, dtype=np.uint64),
            "cell": "screen",
            "molecule": molecule,
            "predicted_response": predicted,
            "observed_response": observed,
            "stratum_missing": np.where(np.arange(n) % 4 == 0, "some", "none"),
        }
    )


def test_mondrian_intervals_cover_each_molecule_and_split_ones_all_together():
    radii = fit_radii(items(16_000, 1))
    assert set(radii["response"]) == {"split", "by_molecule"}  # there is one cell alone
    test = items(16_000, 2)
    rows = {row["metric"]: row for row in interval_metrics(test, radii, replicates=50)}
    for name in ("coverage_90", "coverage_90_by_molecule"):
        for where in ("screen", "screen.missing.none", "screen.missing.some"):
            row = rows[f"{name}.response.{where}"]
            assert row["value"] == pytest.approx(0.9, abs=0.02)
            assert row["low"] <= row["value"] <= row["high"]
    split = radii["response"]["split"]
    away = (test["predicted_response"] - test["observed_response"]).abs()
    assert rows["coverage_90.response.screen"]["value"] == pytest.approx((away <= split.radius).mean())
    assert rows["width_90.response.screen"]["value"] == pytest.approx(2 * split.radius)
    own = radii["response"]["by_molecule"]
    wanted = 2 * own.of(test["molecule"].tolist()).mean()
    assert rows["width_90_by_molecule.response.screen"]["value"] == pytest.approx(wanted)
    for molecule in ("easy", "hard"):
        inside = test["molecule"] == molecule
        assert (away <= own.groups[molecule])[inside].mean() == pytest.approx(0.9, abs=0.025)


def test_items_of_a_block_are_drawn_together():
    test = pd.concat([items(100, 6)] * 16, ignore_index=True).assign(item=np.arange(1600, dtype=np.uint64))
    blocks = np.tile(np.arange(100, dtype=np.uint64), 16)
    radii = fit_radii(items(1000, 7))
    widths = []
    for table in (test, test.assign(block=blocks)):
        rows = {row["metric"]: row for row in interval_metrics(table, radii, replicates=200)}
        row = rows["coverage_90.response.screen"]
        widths.append(row["high"] - row["low"])
    assert widths[1] == pytest.approx(4 * widths[0], rel=0.4)  # 16 copies tell nothing new


def test_items_without_a_label_do_not_count():
    test = items(500, 3)
    test.loc[:99, "observed_response"] = np.nan
    radii = fit_radii(test)
    assert radii["response"]["split"].n == 400
    rows = {row["metric"]: row for row in interval_metrics(test, radii, replicates=10)}
    assert rows["coverage_90.response.screen"]["n"] == 400


def test_too_few_to_calibrate_on_promise_nothing():
    radii = fit_radii(items(5, 4))
    rows = {row["metric"]: row for row in interval_metrics(items(50, 5), radii, replicates=10)}
    assert rows["coverage_90.response.screen"]["value"] == 1
    assert "width_90.response.screen" not in rows


def test_radii_travel_beside_the_checkpoint(tmp_path):
    radii = {"y": {"split": Radius(level=0.9, radius=np.inf, n=3),
                   "by_molecule": Radius(level=0.9, radius=2.0, n=90, groups={"a": 1.5})}}  # fmt: skip
    path = tmp_path / "conformal.json"
    write_radii(path, radii, encoding="abc", parents=[])
    assert read_radii(path, encoding="abc") == radii
    assert json.loads(path.read_text())["levels"]["y"]["split"]["radius"] is None
    with pytest.raises(InputError, match="fitted for encoding abc, xyz wanted"):
        read_radii(path, encoding="xyz")
    with pytest.raises(InputError, match="no such file; score the run first"):
        read_radii(tmp_path / "gone.json", encoding="abc")


def test_sets_of_classes_cover_and_shrink_with_a_better_model():
    rng = np.random.default_rng(0)

    def world(n, sharp):
        logit = rng.normal(size=n) * sharp
        probability = 1 / (1 + np.exp(-logit))
        labels = (rng.random(n) < probability).astype(int)
        return np.stack([1 - probability, probability], axis=1), labels

    sizes = []
    for sharp in (0.5, 5.0):
        radius, rows = set_metrics(world(3000, sharp), world(6000, sharp))
        told = {row["metric"]: row["value"] for row in rows}
        assert told["set_coverage_90"] == pytest.approx(0.9, abs=0.02)
        for label in (0, 1):
            assert told[f"set_coverage_90_by_class.class_{label}"] == pytest.approx(0.9, abs=0.03)
        assert radius.n == 3000
        sizes.append(told["set_size_90"])
    assert sizes[1] < 1.2 < 1.5 < sizes[0]
