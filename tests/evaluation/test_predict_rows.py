"""What is told of pairs that were predicted, by hand; what stands behind the numbers is in tests/therapy."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from seqmill.errors import InputError
from seqmill.evaluation.conformal import Radius
from seqmill.evaluation.coverage import write_radii
from seqmill.evaluation.predict_rows import Asked, predict_table, radii_of
from seqmill.profiles.table import Block, Table


def table(*ids):
    values = np.zeros((len(ids), 1), np.uint8)
    return Table(ids, {"bits": Block(("f",), values, np.ones(values.shape, bool))})


ASKED = Asked(
    tables={"profiles": table("p", "q"), "molecules": table("m", "n")},
    judged={
        "profiles": SimpleNamespace(inside=np.array([True, False])),
        "molecules": SimpleNamespace(inside=np.array([False, True])),
    },
)
SAID = {"response": np.array([[1.0, 2.0, 3.0, 4.0], [3.0, 2.0, 5.0, 0.0]])}
SPLIT = Radius(level=0.9, radius=2.0, n=50)


def test_a_row_tells_pair_mean_spread_interval_and_domain():
    radii = {
        "response": {"split": SPLIT, "by_molecule": Radius(level=0.9, radius=2.0, n=50, groups={"n": 0.5})}
    }
    told = predict_table(ASKED, SAID, radii)
    assert told["sample"].tolist() == ["p", "p", "q", "q"]
    assert told["molecule"].tolist() == ["m", "n", "m", "n"]
    assert told["prediction"].tolist() == [2, 2, 4, 2]
    assert told["sd"].tolist() == pytest.approx(np.sqrt([2, 0, 2, 8]))
    assert told["low"].tolist() == [0, 1.5, 2, 1.5]
    assert told["high"].tolist() == [4, 2.5, 6, 2.5]
    assert told["interval_basis"].tolist() == ["all", "molecule", "all", "molecule"]
    assert told["in_domain"].tolist() == [True, True, False, False]
    assert told["molecule_in_domain"].tolist() == [False, True, False, True]


def test_each_output_has_rows_and_without_radii_or_seeds_there_is_no_number():
    alone = Asked(tables={"molecules": ASKED.tables["molecules"]}, judged={})
    assert [rows.tolist() for rows in alone.pairs] == [[-1, -1], [0, 1]]
    said = {"liver": np.array([[0.1, 0.2]]), "heart": np.array([[0.3, 0.4]])}
    told = predict_table(alone, said, {"heart": {"split": SPLIT}})
    assert told["target"].tolist() == ["liver", "liver", "heart", "heart"]
    assert told["prediction"].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert told["sd"].isna().all()
    assert told["low"].tolist() == pytest.approx([np.nan, np.nan, -1.7, -1.6], nan_ok=True)
    assert told["interval_basis"].tolist() == ["", "", "all", "all"]
    assert not {"sample", "in_domain", "molecule_in_domain"} & set(told)


def test_radii_of_a_single_run_lie_beside_it_and_those_of_several_are_named(tmp_path):
    def members(*names):
        paths = tuple(tmp_path / name / "checkpoint.ckpt" for name in names)
        return SimpleNamespace(paths=paths, encoding=SimpleNamespace(digest="abc"))

    assert radii_of(members("seed-1"), None) == {}
    radii = {"response": {"split": SPLIT}}
    (tmp_path / "seed-1").mkdir()
    beside: Path = tmp_path / "seed-1" / "conformal.json"
    write_radii(beside, radii, encoding="abc", parents=[])
    assert radii_of(members("seed-1"), None) == radii
    assert radii_of(members("seed-1", "seed-2"), None) == {}
    assert radii_of(members("seed-1", "seed-2"), beside) == radii
    with pytest.raises(InputError, match="no such file"):
        radii_of(members("seed-1"), tmp_path / "gone.json")
