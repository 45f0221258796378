"""The typed configuration of one training run."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class DatasetConfig:
    """Which dataset to train on.

    Attributes
    ----------
    manifest : str
        Path of the dataset's ``manifest.json``; splits and encoding are the dataset's own and not set here.
    """

    manifest: str


@dataclass(frozen=True, kw_only=True)
class ApplicationConfig:
    """Which application the run belongs to.

    Attributes
    ----------
    name : str
        Name under which an installed package registers it.
    """

    name: str


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Which network to train.

    Attributes
    ----------
    name : str
        One of the application's networks.
    options : Any
        Instance of the options dataclass that the application names for that network.
    """

    name: str
    options: Any = None


@dataclass(frozen=True, kw_only=True)
class OptimizerConfig:
    """How the weights move.

    Attributes
    ----------
    name : str
        ``adamw``; ``muon``, whose steps for matrices are orthogonal (see `seqmill.models.muon`); or ``sgd``
        with Nesterov momentum 0.9.
    learning_rate : float
        Peak learning rate.
    weight_decay : float
        Decoupled decay of matrices and filters; biases and norms are left alone.
    warmup_fraction : float
        Share of all steps over which the rate rises to its peak.
    schedule : str
        ``cosine`` falls to zero at the last step, ``constant`` stays.
    gradient_clip : float
        Largest norm of the gradient; 0 clips nothing.
    """

    name: Literal["adamw", "muon", "sgd"] = "adamw"
    learning_rate: float = field(default=1e-3, metadata={"above": 0})
    weight_decay: float = field(default=0.01, metadata={"at_least": 0})
    warmup_fraction: float = field(default=0.05, metadata={"at_least": 0, "below": 1})
    schedule: Literal["cosine", "constant"] = "cosine"
    gradient_clip: float = field(default=1.0, metadata={"at_least": 0})


@dataclass(frozen=True, kw_only=True)
class TrainerConfig:
    """How long and how to train.

    Attributes
    ----------
    epochs : int
        Most passes over the training split; a multiple of `evaluate_every`.
    batch_size : int
        Examples in a step, over all devices together.
    train_fraction : float
        Share of the training examples to learn from, the same ones in every run; a smaller share is a part of
        a larger one. For learning curves: validation and test keep all of theirs.
    precision : str
        ``auto`` computes in bf16 where the processor does so in hardware, else in fp32.
    evaluate_every : int
        Epochs from one evaluation on the validation split to the next.
    early_stopping_patience : int
        Evaluations without a better validation loss after which training ends; 0 never ends early.
    channels_last : bool
        Lay images out channels last where the task says that it helps.
    label_smoothing : float
        Share of a label's weight spread over all classes.
    strategy : str
        How several processes share a model: each holds all of it (``ddp``), or a shard of it (``fsdp``), for
        models that do not fit one GPU. ``auto`` is ``ddp`` where there are several, and nothing where not.
    loss : str
        What is minimised, of those that the application offers: ``standard``, or one that wrong labels pull
        less at (see `seqmill.models.robust`). The validation loss stays the standard one.
    class_weights : str
        ``balanced`` weighs classes by the inverse of their frequency in training, ``none`` does not.
    average : float
        Above 0 the decay, for each step, of a moving average of the weights; the average is what is validated
        and kept.
    """

    epochs: int = field(default=20, metadata={"at_least": 1})
    batch_size: int = field(default=256, metadata={"at_least": 1})
    train_fraction: float = field(default=1.0, metadata={"above": 0, "at_most": 1})
    precision: Literal["auto", "fp32", "bf16"] = "auto"
    evaluate_every: int = field(default=1, metadata={"at_least": 1})
    early_stopping_patience: int = field(default=5, metadata={"at_least": 0})
    channels_last: bool = True
    label_smoothing: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    loss: Literal["standard", "huber", "generalised", "symmetric"] = "standard"
    class_weights: Literal["none", "balanced"] = "none"
    average: float = field(default=0.0, metadata={"at_least": 0, "below": 1})
    strategy: Literal["auto", "ddp", "fsdp"] = "auto"

    def __post_init__(self) -> None:
        if self.epochs % self.evaluate_every:
            raise ValueError(
                f"epochs: found {self.epochs}, want a multiple of evaluate_every={self.evaluate_every}, "
                "so that the last epoch is evaluated"
            )
        if self.average and self.strategy == "fsdp":
            raise ValueError(
                f"average: found {self.average:g} with strategy=fsdp, want 0; shards are not averaged"
            )


@dataclass(frozen=True, kw_only=True)
class PrivacyConfig:
    """Whether persons are protected while training, and by how much; see `seqmill.training.private`.

    Attributes
    ----------
    name : str
        ``none``, or ``dp_sgd``: gradients of each person clipped, summed and blurred.
    noise_multiplier : float
        Standard deviation of the noise over `max_grad_norm`. Either this or `target_epsilon` is given.
    target_epsilon : float
        Budget of the whole run; the noise is chosen so that all epochs together stay within it.
    max_grad_norm : float
        Norm to which the gradient of each person is clipped.
    delta : float
        Probability that the guarantee fails; below one over the number of persons.
    accountant : str
        How steps are added up: ``rdp`` (Renyi) or ``prv`` (privacy random variables, tighter and slower).
    unit : str
        Who is protected: a ``person``, which is a row of the table of profiles, or a ``group`` of the splits,
        such as a family. One row of training for each is wanted.
    standardise : str
        ``none`` takes features as they come or as `init_from` brings them; ``fitted`` learns means and
        spreads of the training persons, which no noise protects.
    seeded_noise : bool
        Draw noise and batches from the seed alone, so that the run can be reproduced; whoever knows the seed
        can take the noise away again, so it protects nobody. Else they hang on a secret as well, which is
        dropped with the state.
    """

    name: Literal["none", "dp_sgd"] = "none"
    noise_multiplier: float = field(default=0.0, metadata={"at_least": 0})
    target_epsilon: float = field(default=0.0, metadata={"at_least": 0})
    max_grad_norm: float = field(default=1.0, metadata={"above": 0})
    delta: float = field(default=1e-5, metadata={"above": 0, "below": 1})
    accountant: Literal["rdp", "prv"] = "rdp"
    unit: Literal["person", "group"] = "person"
    standardise: Literal["none", "fitted"] = "none"
    seeded_noise: bool = False

    def __post_init__(self) -> None:
        if self.is_on and bool(self.noise_multiplier) == bool(self.target_epsilon):
            raise ValueError(
                f"noise_multiplier, target_epsilon: found {self.noise_multiplier} and {self.target_epsilon}, "
                "want one of them above 0"
            )

    @property
    def is_on(self) -> bool:
        """Whether persons are protected."""
        return self.name != "none"


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Everything that decides what a training run gives.

    Attributes
    ----------
    seed : int
        Seed of the weights, of the order of the examples and of every random draw.
    experiment : str
        Name of the experiment.
    dataset, application, model, optimizer, trainer, privacy
        The groups of the configuration.
    augmentation : Any
        Instance of the augmentation dataclass that the application names.
    init_from : str
        Model whose weights training starts from: a checkpoint's path or ``models:/NAME@ALIAS``; empty draws
        all weights.
    """

    seed: int = field(metadata={"at_least": 0, "below": 2**32})
    experiment: str
    dataset: DatasetConfig
    application: ApplicationConfig
    model: ModelConfig
    augmentation: Any
    optimizer: OptimizerConfig = field(default_factory=OptimizerConfig)
    trainer: TrainerConfig = field(default_factory=TrainerConfig)
    privacy: PrivacyConfig = field(default_factory=PrivacyConfig)
    init_from: str = ""

    def __post_init__(self) -> None:
        if self.optimizer.name == "muon" and self.trainer.strategy == "fsdp":
            raise ValueError(
                "optimizer.name: found muon with trainer.strategy=fsdp, want adamw or sgd; no process has "
                "the whole of a matrix, whose step could be made orthogonal"
            )
