"""A small screen by hand: six cell lines, four drugs, and what they did to each other."""

from pathlib import Path

import yaml

EXPRESSION = """line,tp53,myc
L1,1.5,0
L2,2.5,4
L3,0.5,
L4,3.5,1
L5,2,2
L6,,
"""
DOSAGE = """cell\trs1\trs2\trs3
L1\t0\t1\t2
L2\t-1\t0\t0
L4\t2\t2\t1
L7\t-1\t-1\t-1
"""
DRUGS = """drug\tsmiles\tfamily
aspirin\tCC(=O)Oc1ccccc1C(=O)O\tnsaid
salicylate\tOC(=O)c1ccccc1O\tnsaid
caffeine\tCn1cnc2c1c(=O)n(C)c(=O)n2C\txanthine
ethanol\tCCO\talcohol
"""
RESPONSES = """line,drug,auc,dead,site
L1,aspirin,0.1,1,north
L1,caffeine,0.2,,north
L2,aspirin,0.3,0,south
L3,ethanol,,,south
L4,salicylate,0.5,1,north
L4,salicylate,0.5,1,north
L5,unknown,0.6,0,north
L9,aspirin,0.7,0,north
L5,caffeine,0.8,0,
"""

FILES = {
    "expression.csv": EXPRESSION,
    "dosage.tsv": DOSAGE,
    "drugs.tsv": DRUGS,
    "responses.csv": RESPONSES,
}


def content(folder: Path) -> dict:
    """Give the plan of the screen, whose blocks need no RDKit."""
    at = {name: str(folder / name) for name in FILES}
    return {
        "profiles": {
            "id": "line",
            "blocks": {
                "expression": {"path": at["expression.csv"]},
                "dosage": {"path": at["dosage.tsv"], "id": "cell", "dtype": "int8"},
            },
        },
        "molecules": {
            "id": "drug",
            "blocks": {
                "length": {"path": str(folder / "lengths.tsv"), "dtype": "uint8"},
            },
            "texts": {"family": {"path": at["drugs.tsv"], "column": "family"}},
        },
        "rows": [
            {
                "sample": "screen",
                "path": at["responses.csv"],
                "profile": "line",
                "molecule": "drug",
                "labels": {"response": "auc", "dead": "dead"},
            }
        ],
        "folds": {
            "pair": ["profile", "molecule"],
            "cell": ["profile"],
            "family": ["molecule.family"],
        },
        "fold_count": 4,
    }


def write(folder: Path, changes: dict | None = None, **files: str) -> Path:
    """Write the files of the screen and its plan; give the plan."""
    names = [line.split("\t") for line in DRUGS.splitlines()[1:]]
    lengths = "drug\tlength\n" + "".join(f"{drug}\t{len(smiles)}\n" for drug, smiles, _ in names)
    for name, text in (FILES | {"lengths.tsv": lengths} | files).items():
        (folder / name).write_text(text)
    plan = folder / "profiles.yaml"
    plan.write_text(yaml.safe_dump(content(folder) | (changes or {}), sort_keys=False))
    return plan
