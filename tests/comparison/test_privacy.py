"""The report tells the attack on each run, what each spent, and their sum; of other models nothing."""

from types import SimpleNamespace

from seqmill.comparison.privacy import privacy_view
from seqmill.training.private.ledger import note


def run(*, attack=None, epsilon=None):
    metrics = [{"metric": "auroc.x", "value": 0.8, "low": 0.7, "high": 0.9}]
    if attack:
        metrics.append(
            dict(zip(("value", "low", "high"), attack, strict=True)) | {"metric": "membership_auroc"}
        )
    training = {} if epsilon is None else {"privacy": {"epsilon": epsilon}}
    return SimpleNamespace(scored={"metrics": metrics}, training=training, experiment="net", seed=1)


def entry(run_id, epsilon):
    told = {
        "experiment": "net",
        "seed": 1,
        "cohort": "c1",
        "unit": "person",
        "persons": 90,
        "accountant": "rdp",
    }
    cost = {"noise_multiplier": 1.0, "sample_rate": 0.1, "steps": 10, "delta": 1e-4, "epsilon": epsilon}
    return told | cost | {"run_id": run_id, "max_grad_norm": 1.0, "seeded_noise": False}


def view(tmp_path, *runs):
    return privacy_view([SimpleNamespace(runs=runs)], tmp_path / "dataset" / "manifest.json")


def test_nothing_is_told_of_models_that_are_not_of_persons(tmp_path):
    assert view(tmp_path, run()) == {}


def test_an_attack_counts_as_found_where_its_interval_lies_above_chance(tmp_path):
    told = view(tmp_path, run(attack=(0.7, 0.65, 0.75)), run(attack=(0.52, 0.48, 0.56), epsilon=2.0))[
        "attacks"
    ]
    assert [one["found"] for one in told] == [True, False]
    assert [one["epsilon"] for one in told] == ["\N{EN DASH}", "2"]
    assert told[0]["interval"] == ".6500\N{EN DASH}.7500"


def test_the_ledger_counts_runs_that_are_not_compared(tmp_path):
    for name, epsilon in (("r1", 1.0), ("r2", 2.5)):
        note(tmp_path / "privacy", entry(name, epsilon))
    told = view(tmp_path, run())
    assert len(told["entries"]) == 2
    (total,) = told["totals"]
    shown = dict(zip((text for text, _ in told["spent"]), total, strict=True))
    assert shown["sum of epsilons"] == "3.5" and shown["runs"] == "2" and shown["learnt from"] == "90"
    assert len(told["run"]) == 1 + len(told["entries"][0]["columns"])
