"""A screen with a planted rule: a drug's own level, and the gene that its family acts through."""

from pathlib import Path

import numpy as np
import yaml

CELLS, DRUGS, GENES = 60, 20, 8
LEVELS = np.linspace(-3, 3, DRUGS)
FAMILIES = [f"family{drug % 3}" for drug in range(DRUGS)]
NOISE = 0.3


def write(folder: Path) -> Path:
    """Write tables, responses and plan; give the plan.

    The response of cell c to drug d is the drug's level, plus expression of gene d % 3 in c, plus noise.
    Values of expression are missing in a tenth of the entries, but not of the genes that matter; a tenth of
    the pairs was not measured, and the second label is missing in half of the rows.
    """
    rng = np.random.default_rng(7)
    expression = rng.normal(5, 2, (CELLS, GENES))
    missing = (rng.random(expression.shape) < 0.1) & (np.arange(GENES) >= 3)
    with open(folder / "expression.tsv", "w") as handle:
        print("cell", *[f"g{gene}" for gene in range(GENES)], sep="\t", file=handle)
        for cell in range(CELLS):
            cells = ["" if missing[cell, gene] else f"{expression[cell, gene]:.4f}" for gene in range(GENES)]
            print(f"cell{cell:02}", *cells, sep="\t", file=handle)
    with open(folder / "drugs.tsv", "w") as handle:
        print("drug", "family", *[f"bit{bit}" for bit in range(DRUGS + 3)], sep="\t", file=handle)
        for drug in range(DRUGS):
            bits = [int(bit == drug or bit == DRUGS + drug % 3) for bit in range(DRUGS + 3)]
            print(f"drug{drug:02}", FAMILIES[drug], *bits, sep="\t", file=handle)
    with open(folder / "responses.tsv", "w") as handle:
        print("cell", "drug", "ic50", "toxic", sep="\t", file=handle)
        for cell in range(CELLS):
            for drug in range(DRUGS):
                response = LEVELS[drug] + expression[cell, drug % 3] - 5 + rng.normal(0, NOISE)
                toxic = int(rng.random() < 0.5) if rng.random() < 0.5 else ""
                if rng.random() < 0.9:
                    print(f"cell{cell:02}", f"drug{drug:02}", f"{response:.4f}", toxic, sep="\t", file=handle)
    plan = folder / "profiles.yaml"
    plan.write_text(yaml.safe_dump(_content(folder), sort_keys=False))
    return plan


def _content(folder: Path) -> dict:
    drugs = str(folder / "drugs.tsv")
    bits = {"path": drugs, "dtype": "uint8", "options": {"columns": "^bit"}}
    return {
        "profiles": {"id": "cell", "blocks": {"expression": {"path": str(folder / "expression.tsv")}}},
        "molecules": {
            "id": "drug",
            "blocks": {"bits": bits},
            "texts": {"family": {"path": drugs, "column": "family"}},
        },
        "rows": [
            {
                "sample": "screen",
                "path": str(folder / "responses.tsv"),
                "profile": "cell",
                "molecule": "drug",
                "labels": {"response": "ic50", "toxic": "toxic"},
            }
        ],
        "folds": {"pair": ["profile", "molecule"], "cell": ["profile"], "drug": ["molecule"]},
        "key": "dealt",
    }


def splits(kind: str) -> dict:
    """Give splits by the folds of one kind: six to learn from, two to choose by, two to test on."""
    folds = [f"{kind}_{fold}" for fold in range(10)]
    parts = {"train": folds[4:], "validation": folds[2:4], "test": folds[:2]}
    return {name: {"samples": ["screen"], "contigs": contigs} for name, contigs in parts.items()}
