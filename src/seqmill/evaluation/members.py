"""One trained run, or several seeds of an experiment, as one predictor over the rows of tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytorch_lightning as pl

from seqmill.applications.application import Application
from seqmill.errors import InputError
from seqmill.evaluation.calibrated import Calibration, log_probabilities
from seqmill.evaluation.predict import Model, open_model
from seqmill.evaluation.predictions import LOGIT, Predictor
from seqmill.origin import Node
from seqmill.profiles.table import Table
from seqmill.shards.schema import Encoding
from seqmill.training.checkpoint import origin

CHECKPOINT = "checkpoint.ckpt"

_PREDICTED, _PROBABILITY = "predicted_", "probability_"

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Members:
    """Models of the same application on the same tables.

    Attributes
    ----------
    paths : tuple of Path
        Their checkpoints.
    models : tuple of Model
        The models.
    """

    paths: tuple[Path, ...]
    models: tuple[Model, ...]

    @classmethod
    def open(cls, given: Sequence[Path]) -> "Members":
        """Load checkpoints, or those in folders of runs.

        Raises
        ------
        InputError
            When one cannot be read, is no model of profiles or molecules, or they are of several
            applications, encodings or datasets.
        """
        paths = tuple(path / CHECKPOINT if path.is_dir() else path for path in sorted(given))
        models = tuple(open_model(path) for path in paths)
        for path, model in zip(paths, models, strict=True):
            if "rows" not in model.application.reads:
                raise InputError(
                    f"{path}: a model of {model.application.name}, which reads no tables of profiles or "
                    "molecules; give one that does, such as of drug_response"
                )
            for key in ("application", "encoding_digest", "dataset_digest"):
                if model.facts[key] != models[0].facts[key]:
                    raise InputError(
                        f"{path}: {key} {model.facts[key]} found, {models[0].facts[key]} wanted as in "
                        f"{paths[0]}; give seeds of one experiment"
                    )
        return cls(paths, models)

    @property
    def application(self) -> Application:
        """The application of all."""
        return self.models[0].application

    @property
    def encoding(self) -> Encoding:
        """The encoding of all."""
        return self.models[0].encoding

    @property
    def modules(self) -> tuple[pl.LightningModule, ...]:
        """The tasks."""
        return tuple(model.module for model in self.models)

    @property
    def dataset_digest(self) -> str:
        """Digest of the dataset that all were trained on."""
        return str(self.models[0].facts["dataset_digest"])

    @property
    def origins(self) -> list[Node]:
        """The checkpoints, for the lineage of what is made with them."""
        return [origin(path, model.facts) for path, model in zip(self.paths, self.models, strict=True)]

    def hold(self, tables: Mapping[str, Table]) -> None:
        """Give the models the tables that rows point into, of the layout of their encoding."""
        wanted = {name: table for name, table in tables.items() if name in self.encoding.tables}
        for module in self.modules:
            taker: Any = module
            taker.take_tables(wanted)

    def predict(self, profiles: Rows, molecules: Rows) -> dict[str, Floats]:
        """Predict examples that point into the tables held.

        Parameters
        ----------
        profiles, molecules : int array, shape (n,)
            Rows of the tables; -1 for none.

        Returns
        -------
        dict
            Output by the name of its label or task -> float64 [members, n]. Of two classes it is the
            calibrated probability of the second.
        """
        batch = {"profile": profiles.astype(np.int32), "molecule": molecules.astype(np.int32)}
        said = [
            _named(Predictor(model.module, self.encoding).pieces(batch), model, path)
            for model, path in zip(self.models, self.paths, strict=True)
        ]
        return {name: np.stack([one[name] for one in said]).astype(np.float64) for name in said[0]}


def spread(values: Floats) -> Floats:
    """Give the standard deviation over members (n - 1) of [members, ...]: [...]; nan of a single member."""
    return values.std(0, ddof=1) if len(values) > 1 else np.full(values.shape[1:], np.nan)


def _named(outputs: Mapping[str, npt.NDArray[Any]], model: Model, path: Path) -> dict[str, npt.NDArray[Any]]:
    logits = [name for name in outputs if name.startswith(LOGIT)]
    if logits:
        temperature = Calibration.beside(path, encoding=model.encoding.digest).temperature
        scores = np.stack([outputs[f"{LOGIT}{at}"] for at in range(len(logits))], axis=1)
        said = np.exp(log_probabilities(scores, temperature))
        return {f"class_{at}": said[:, at] for at in range(1, len(logits))}
    tasks = list(model.encoding.options.get("tasks", ()))
    found = {}
    for name, values in outputs.items():
        short = name.removeprefix(_PREDICTED)
        if name.startswith(_PROBABILITY) and name.removeprefix(_PROBABILITY).isdigit() and tasks:
            short = tasks[int(name.removeprefix(_PROBABILITY))]
        found[short] = values
    return found
