"""What tracking costs follows from a short and a longer training, each beside one without."""

import pytest
import tracking


def a_training(training_s: float, tracking_s: float, products: int) -> dict[str, float]:
    return {"cpu_s": training_s + tracking_s, "training_cpu_s": training_s, "products": products}


def test_what_a_run_costs_once_and_for_each_second(monkeypatch):
    def train(uri, seconds, *, together):
        if uri == tracking.UNTRACKED:
            return [a_training(seconds, 0.1, int(100 * seconds))] * together
        return [a_training(seconds, 0.1 + 2.0 + 0.01 * seconds, int(90 * seconds))] * together

    monkeypatch.setattr(tracking, "train", train)
    cost = tracking.costs({"sqlite": "sqlite:///x.db"}, (10.0, 50.0), together=2, rounds=1)["sqlite"]
    assert (cost.once, cost.share, cost.pace) == pytest.approx((2.0, 0.01, 0.9))
    assert cost.beside(600.0) == pytest.approx(608.0)
    assert cost.enough == "from 200 s of training on"


def test_a_share_above_the_limit_is_enough_at_no_length():
    assert tracking.Cost(once=1.0, share=0.03, pace=1.0).enough == "at no length"


def test_a_store_that_cannot_be_had_is_named_and_no_figure_given():
    made = tracking._claim("server", "one", None, "no initdb and postgres found")
    assert (made.ours, made.ratio, made.note) == (None, None, "no initdb and postgres found")
