"""The verdict and its figures, by hand."""

import pytest

from seqmill.lineage.verdict import DIFFERENT, IDENTICAL, WITHIN, Verdict, compare_metrics

A, B = "a" * 64, "b" * 64


@pytest.mark.parametrize(
    ("weights", "predictions", "recorded", "reproduced", "others", "name"),
    [
        ((A, A), (A, A), {"f1": 0.5}, {"f1": 0.5}, [], IDENTICAL),
        ((A, A), ("", ""), {}, {}, [], IDENTICAL),
        ((A, B), (A, B), {"f1": 0.50}, {"f1": 0.52}, [{"f1": 0.53}], WITHIN),
        ((A, B), (A, B), {"f1": 0.50}, {"f1": 0.54}, [{"f1": 0.53}], DIFFERENT),
        ((A, B), (A, B), {"f1": 0.50}, {"f1": 0.46}, [{"f1": 0.53}, {"f1": 0.48}], WITHIN),
        ((A, B), (A, B), {"f1": 0.5, "g": 0.5}, {"f1": 0.5, "g": 0.6}, [{"f1": 0.9, "g": 0.55}], DIFFERENT),
        ((A, B), (A, B), {"f1": 0.5}, {"f1": 0.51}, [], DIFFERENT),
        ((A, B), (A, A), {"f1": 0.5}, {"f1": 0.5}, [], WITHIN),
        ((A, A), (A, B), {"f1": 0.5}, {"f1": 0.5}, [], WITHIN),
        ((A, B), ("", ""), {}, {}, [], DIFFERENT),
    ],
)
def test_verdicts(weights, predictions, recorded, reproduced, others, name):
    rows = compare_metrics(recorded, reproduced, others)
    verdict = Verdict(weights=weights, predictions=predictions, metrics=rows)
    assert verdict.name == name
    assert verdict.text().endswith(f"\nverdict: {name}\n")
    assert verdict.plain()["verdict"] == name


def test_the_figures():
    rows = compare_metrics({"f1": 0.5}, {"f1": 0.52}, [{"f1": 0.53}, {"f1": 0.49}])
    text = Verdict(weights=(A, B), predictions=(A, B), metrics=rows).text()
    assert text.splitlines() == [
        f"weights      different, {'a' * 16} recorded, {'b' * 16} reproduced",
        f"predictions  different, {'a' * 16} recorded, {'b' * 16} reproduced",
        "",
        "metric                                     recorded reproduced  difference   spread (3 seeds)",
        "f1                                         0.500000   0.520000   +0.020000           0.040000",
        "",
        "verdict: equal within the seed spread",
    ]
    assert rows[0].plain() == pytest.approx(
        {
            "metric": "f1",
            "recorded": 0.5,
            "reproduced": 0.52,
            "difference": 0.02,
            "spread": 0.04,
            "seeds": 3,
            "within": True,
        }
    )
