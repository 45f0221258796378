"""A training step on one core beside the same network written plainly, and how long training waits.

The plain step has the same weights, batches and random draws. It is what one gets from PyTorch without
settings: fp32, images laid out channels first, augmentation and expansion as tensor operations, the plain
optimiser. Loading is left out of both; the share of the time that training waits for it is the one that a
training run logs.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from generated import ENCODING, dataset
from harness import Case, Claim, claim, main, measure

from seqmill.applications.small_variants import augment as augmenting
from seqmill.applications.small_variants import networks, task
from seqmill.applications.small_variants.expand import grouped_columns, site_features, unpack
from seqmill.models.half import has_bf16
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.stopping import Stop
from seqmill.training.compose import compose
from seqmill.training.config import RunConfig
from seqmill.training.fit import fit
from seqmill.training.hardware import Hardware
from seqmill.training.module import build_module
from seqmill.training.seeding import seed_at
from seqmill.training.state import State

HYDRA = Path(__file__).resolve().parents[1] / "config" / "hydra"
GOALS = {"pileup_cnn": 2.5, "pileup_gru": None, "scalars": None}
COUNTS = {"0": 1, "1": 1, "2": 1}
Batch = dict[str, torch.Tensor]


class _PlainCNN(networks.PileupCNN):
    """The CNN without a word on layout."""

    def trunk(self, columns: torch.Tensor) -> torch.Tensor:
        x = torch.relu(self.blocks(self.stem(columns.unsqueeze(2).contiguous()))).squeeze(2)
        return torch.cat([x[:, :, x.shape[2] // 2], x.mean(2)], 1)


class Plain:
    """Puts plain tensor operations in the place of kernels, for as long as it is entered."""

    def __init__(self, wanted: bool = True) -> None:
        self._wanted = wanted
        self._kept = (networks.features, networks.features_and_columns, task.augment)

    def __enter__(self) -> None:
        if not self._wanted:
            return
        networks.features = lambda payload, columns: site_features(unpack(payload, columns))
        networks.features_and_columns = _plain_inputs
        task.augment = _plain_augment

    def __exit__(self, *_: object) -> None:
        networks.features, networks.features_and_columns, task.augment = self._kept


def _plain_inputs(payload: torch.Tensor, columns: int) -> tuple[torch.Tensor, torch.Tensor]:
    pileup = unpack(payload, columns)
    return site_features(pileup), grouped_columns(pileup)


def _plain_augment(
    payload: torch.Tensor, columns: int, options: augmenting.Augmentation, **rule: int
) -> torch.Tensor:
    draws = augmenting._draw(payload, columns, options, None)
    return augmenting._on_device(payload.clone(), columns, draws, **rule)


def run_of(name: str, manifest: Path, epochs: int = 1) -> RunConfig:
    """Give the configuration of a network, on this dataset."""
    overrides = [f"experiment={name}", f"dataset.manifest={manifest}", "seed=1", f"trainer.epochs={epochs}"]
    return compose(overrides, HYDRA)


def _stepper(
    module: task.CopiesTask, optimizer: torch.optim.Optimizer, batches: list[Batch], *, bf16: bool
) -> Callable[[], float]:
    """Give a function that trains on all batches once, as the trainer does, and gives the last loss."""
    module.log = lambda *_, **__: None
    clip = module.run.optimizer.gradient_clip

    def steps() -> float:
        torch.manual_seed(1)
        for index, batch in enumerate(batches):
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16, cache_enabled=False):
                loss = module.training_step(batch, index)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(module.parameters(), clip)
            optimizer.step()
        return loss.item()

    return steps


def plain_form(ours: task.CopiesTask, name: str) -> task.CopiesTask:
    """Give the same network with the same weights, without a word on layout."""
    plain = build_module(ours.run, ENCODING, COUNTS)
    if name == "pileup_cnn":
        plain.network = _PlainCNN(ENCODING, ours.run.model.options)
    plain.load_state_dict(ours.state_dict())
    return plain


def step_claim(name: str, manifest: Manifest, *, rounds: int, batches: int) -> Claim:
    """Time the steps of one network beside its plain form."""
    run = run_of(name, manifest.path)
    loader = Loader(manifest, "train", batch_size=run.trainer.batch_size, seed=1, shuffle=True, threads=0)
    given = [
        {column: torch.from_numpy(array) for column, array in batch.items()}
        for _, batch in zip(range(batches), loader.epoch(0), strict=False)
    ]
    seed_at(run.seed)
    ours = build_module(run, ENCODING, COUNTS)
    plain = plain_form(ours, name)
    if run.trainer.channels_last and ours.channels_last:
        ours.to(memory_format=torch.channels_last)
    bf16 = has_bf16("cpu")
    options = run.optimizer
    plain_optimizer = torch.optim.AdamW(plain.parameters(), options.learning_rate, fused=False, foreach=False)
    our_steps = _stepper(ours, ours.configure_optimizers()["optimizer"], given, bf16=bf16)
    plain_steps = _stepper(plain, plain_optimizer, given, bf16=False)

    def plainly() -> None:
        with Plain():
            plain_steps()

    best = measure([Case("ours", our_steps), Case("plain", plainly)], rounds=rounds)
    examples = sum(len(batch["pileup"]) for batch in given)
    return claim(
        f"step_{name}",
        f"Training step of {name}",
        ours=examples / best["ours"],
        peer=examples / best["plain"],
        peer_name="eager fp32, PyTorch's defaults",
        goal=GOALS[name],
        unit="examples/s",
        note="" if bf16 else "no bf16 in this processor: fp32 on both sides",
    )


def wait_claim(manifest: Manifest, folder: Path) -> Claim:
    """Train two epochs and take what the run says of the second."""
    run = run_of("pileup_cnn", manifest.path, epochs=2)
    seed_at(run.seed)
    module = build_module(run, ENCODING, COUNTS)
    precision = "bf16-mixed" if has_bf16("cpu") else "32-true"
    fitted = fit(
        module,
        manifest,
        run,
        state=State(folder),
        hardware=Hardware("cpu", 1, precision, "cpu"),
        threads=1,
        keep_best=lambda: None,
        stop=Stop(),
    )
    entry = fitted.history.entries[-1]
    return claim(
        "loader_wait_cpu",
        "Share of CPU training that waits for batches",
        ours=entry["loader_wait"],
        peer=1.0,
        peer_name="the whole step",
        goal=0.02,
        unit="of the time",
        higher_is_better=False,
        note=f"trained {entry['examples_per_s']:,.0f} examples/s of wall time, all included; the first block "
        "of an epoch is waited for in full",
    )


def claims(*, quick: bool) -> list[Claim]:
    """Measure the steps of all networks, then a whole training."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = dataset(folder, train=512 if quick else 65_536, validation=256)
        rounds, batches = (1, 2) if quick else (7, 8)
        made = [step_claim(network, manifest, rounds=rounds, batches=batches) for network in GOALS]
        (folder / "state").mkdir()
        made.append(wait_claim(manifest, folder / "state"))
    return made


if __name__ == "__main__":
    main(claims)
