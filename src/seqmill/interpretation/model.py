"""A checkpoint as a function of sequence."""

from pathlib import Path
from typing import Any

from seqmill.applications.application import find_application
from seqmill.applications.sequence import SequenceModel
from seqmill.errors import InputError
from seqmill.training.checkpoint import load


def open_model(checkpoint: Path) -> tuple[SequenceModel, dict[str, Any]]:
    """Open a checkpoint of an application whose models read sequence.

    Returns
    -------
    tuple
        The model, and the facts that the checkpoint tells.

    Raises
    ------
    InputError
        When the file is no checkpoint, or its application does not read sequence.
    """
    task, facts = load(checkpoint)
    application = find_application(facts["application"])
    if not application.sequence:
        raise InputError(
            f"{checkpoint}: a model of {application.name} ({application.title}), which does not read DNA "
            "sequence; give the checkpoint of an application that does"
        )
    return SequenceModel.of(application.load("sequence")(task)), facts


def output_index(model: SequenceModel, name: str | None) -> int:
    """Give the place of the output called `name`; the first where none is named.

    Raises
    ------
    InputError
        When the model has no such output.
    """
    if name is None:
        return 0
    if name not in model.outputs:
        raise InputError(f"--target: the model has no output '{name}'; it has {', '.join(model.outputs)}")
    return model.outputs.index(name)
