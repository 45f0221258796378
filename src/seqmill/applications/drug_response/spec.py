"""Drug response from profile and molecule: what an example is, and which parts the application has."""

from dataclasses import asdict, dataclass

from seqmill.applications.application import Application, Network
from seqmill.applications.profiled.columns import row_columns
from seqmill.shards.schema import Encoding

VERSION = 1

LABEL = "response"
"""Label of the rows that is learnt, such as the natural logarithm of the IC50."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """There is nothing to choose: blocks and labels are facts of the plan of profiles."""


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: rows of the tables, names, and the response."""
    return Encoding(
        application="drug_response",
        version=VERSION,
        options=asdict(options),
        columns=row_columns([LABEL]),
    )


_PACKAGE = "seqmill.applications.drug_response"

APPLICATION = Application(
    name="drug_response",
    title="Drug response",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    reads=("rows",),
    networks={
        "two_tower": Network(
            build=f"{_PACKAGE}.networks:two_tower",
            options="seqmill.models.two_tower:TwoTowerOptions",
            kind="MLP",
        ),
        "two_tower_smiles_cnn": Network(
            build=f"{_PACKAGE}.networks:two_tower_smiles_cnn",
            options=f"{_PACKAGE}.networks:SmilesCNNTowerOptions",
            kind="CNN",
        ),
        "two_tower_smiles_gru": Network(
            build=f"{_PACKAGE}.networks:two_tower_smiles_gru",
            options=f"{_PACKAGE}.networks:SmilesGRUTowerOptions",
            kind="RNN",
        ),
    },
    augmentation="seqmill.applications.profiled.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict="",
    losses=("huber",),
    baselines={
        name: f"{_PACKAGE}.baselines:{name}"
        for name in ("drug_mean", "cell_mean", "additive", "ridge", "drug_ridge")
    },
)
