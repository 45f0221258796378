"""Toxicity of molecules: what an example is, and which parts the application has."""

import re
from dataclasses import asdict, dataclass

from seqmill.applications.application import Application, Network
from seqmill.applications.profiled.columns import POINTERS, row_columns
from seqmill.errors import InputError
from seqmill.shards.schema import BASE, Encoding

VERSION = 1

_NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, kw_only=True)
class Options:
    """Which labels are learnt.

    Attributes
    ----------
    tasks : tuple of str
        Labels of the rows, 1 for toxic, 0 for not, in the order of the outputs.

    Raises
    ------
    InputError
        When a name is unsuitable or occurs twice.
    """

    tasks: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.tasks:
            raise InputError("options.tasks: found none, want the names of labels, such as [NR-AR, SR-p53]")
        taken = {column.name for column in (*BASE, *POINTERS)}
        for name in self.tasks:
            if not _NAME.fullmatch(name) or self.tasks.count(name) > 1 or name in taken:
                raise InputError(
                    f"options.tasks: found '{name}', want each label once, of letters, digits, '_' and '-', "
                    f"and none of {', '.join(sorted(taken))}"
                )


def encoding(options: Options) -> Encoding:
    """Give the columns of the shards: the row of the molecule, names, and a label for each task."""
    return Encoding(
        application="drug_safety",
        version=VERSION,
        options=asdict(options) | {"tasks": list(options.tasks)},
        columns=row_columns(options.tasks),
    )


_PACKAGE = "seqmill.applications.drug_safety"

APPLICATION = Application(
    name="drug_safety",
    title="Drug safety",
    options=Options,
    encoding=encoding,
    label="",
    classes=(),
    reads=("rows",),
    networks={
        "fingerprint_mlp": Network(
            build=f"{_PACKAGE}.networks:fingerprint_mlp",
            options=f"{_PACKAGE}.networks:FingerprintOptions",
            kind="MLP",
        ),
        "smiles_cnn": Network(
            build=f"{_PACKAGE}.networks:safety_cnn",
            options=f"{_PACKAGE}.networks:SmilesCNNOptions",
            kind="CNN",
        ),
        "smiles_gru": Network(
            build=f"{_PACKAGE}.networks:safety_gru",
            options=f"{_PACKAGE}.networks:SmilesGRUOptions",
            kind="RNN",
        ),
    },
    augmentation=f"{_PACKAGE}.options:Augmentation",
    examples=f"{_PACKAGE}.examples:examples",
    task=f"{_PACKAGE}.task:build_task",
    evaluate=f"{_PACKAGE}.evaluate:evaluate",
    predict="",
    losses=("generalised", "symmetric"),
    baselines={
        "prevalence": f"{_PACKAGE}.baselines:prevalence",
        "logistic": f"{_PACKAGE}.baselines:logistic",
        "nearest": f"{_PACKAGE}.neighbours:nearest",
    },
)
