"""A trained model of DNA as a plain function, for interpretation and the effects of variants."""

from pathlib import Path

from torch import nn

from seqmill.applications.application import find_application
from seqmill.errors import InputError
from seqmill.training.checkpoint import load


def sequence_function(checkpoint: Path) -> nn.Module:
    """Load a checkpoint as a function of DNA.

    Parameters
    ----------
    checkpoint : Path
        A trained model.

    Returns
    -------
    nn.Module
        One-hot DNA, float32 (N, 4, L) in the order A, C, G, T, to (N, outputs), in evaluation mode. Its
        attribute ``length`` is the L that it depends on, ``outputs`` names the outputs.

    Raises
    ------
    InputError
        When it is no checkpoint, or its application's examples are no DNA.
    """
    module, facts = load(checkpoint)
    application = find_application(facts["application"])
    if not application.sequence:
        raise InputError(
            f"{checkpoint}: a model of {application.name} found, which reads no DNA; wanted one that "
            "predicts from sequence"
        )
    return application.load("sequence")(module).eval()
