"""A small cohort of two populations as profiles."""

import numpy as np
import pytest
import yaml

from seqmill.profiles.build import build_profiles
from seqmill.profiles.plan import load_profiles_plan

PEOPLE, SITES = 240, 120


@pytest.fixture(scope="session")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("association")
    rng = np.random.default_rng(3)
    population = np.arange(PEOPLE) % 2
    frequencies = rng.uniform(0.15, 0.85, (2, SITES))
    dosage = rng.binomial(2, frequencies[population]).astype(int)
    age = rng.integers(30, 70, PEOPLE)
    tall = dosage[:, 5] * 1.0 + 0.02 * age + population * 2 + rng.normal(size=PEOPLE)
    ill = (dosage[:, 7] * 1.5 + rng.logistic(size=PEOPLE) > 1.5).astype(int)
    names = [f"c{1 + number // 60}:{100 * (number % 60 + 1)}:A:C" for number in range(SITES)]
    shown = np.where(rng.random(dosage.shape) < 0.02, -1, dosage)
    shown[:, 119] = 0
    lines = [["person", *names], *([f"p{row:03d}", *values] for row, values in enumerate(shown.tolist()))]
    (folder / "dosage.tsv").write_text("\n".join("\t".join(map(str, line)) for line in lines) + "\n")
    ages = ["" if row == 3 else value for row, value in enumerate(age.tolist())]
    rows = ["person\tage\ttall\till"]
    rows += [f"p{row:03d}\t{ages[row]}\t{tall[row]:.6f}\t{ill[row]}" for row in range(PEOPLE)]
    rows += ["stranger\t40\t1\t0"]
    rows[5] = rows[5].replace(f"{tall[4]:.6f}", "")
    (folder / "people.tsv").write_text("\n".join(rows) + "\n")
    at = str(folder / "people.tsv")
    plan = {
        "profiles": {
            "id": "person",
            "blocks": {
                "dosage": {"path": str(folder / "dosage.tsv"), "dtype": "int8"},
                "covariates": {"path": at, "options": {"columns": "^age$"}},
            },
        },
        "rows": [
            {"sample": "cohort", "path": at, "profile": "person", "labels": {"tall": "tall", "ill": "ill"}}
        ],
        "folds": {"person": ["profile"]},
        "fold_count": 4,
    }
    (folder / "plan.yaml").write_text(yaml.safe_dump(plan))
    build_profiles(load_profiles_plan(folder / "plan.yaml"), folder / "raw")
    return folder / "raw" / "profiles.json"
