"""Accessibility beside bpnet-lite: the same windows of one genome, the same CPU time, held-out chromosomes.

bpnet-lite does not share an environment with the pipeline's versions, so it has one of its own, which
BPNET_PYTHON names; macs3, which it asks for and this does not need, is left out:

    python -m venv .venv-bpnet
    .venv-bpnet/bin/pip install torch==2.13.0 numpy scipy pandas h5py tqdm numba pyfaidx joblib
    .venv-bpnet/bin/pip install --no-deps bpnet-lite==1.1.0 tangermeme==1.6.0

The windows are those of the dataset that is made, among other things, by

    snakemake --cores 2 --configfile config/real/accessibility/config.yaml
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
from bpnet_peer import UNKNOWN
from harness import Claim, claim, cpu_seconds, main

from seqmill.applications.accessibility.spec import Options
from seqmill.applications.accessibility.windows import observe
from seqmill.models.half import has_bf16
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.stopping import Stop
from seqmill.training.compose import compose
from seqmill.training.fit import fit
from seqmill.training.hardware import Hardware
from seqmill.training.module import build_module
from seqmill.training.seeding import seed_at
from seqmill.training.state import State

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / "results" / "yeast_atac" / "dataset" / "manifest.json"
PEER = "bpnet-lite"
EPOCHS = 1
EVERY = 4
"""One in so many tiles of the held-out chromosomes is predicted: the peer is slow at it."""
Arrays = dict[str, Any]


def read(manifest: Manifest, split: str, every: int = 1) -> Arrays:
    """Give the examples of a split in order, or one of `every` few."""
    loader = Loader(manifest, split, batch_size=64, seed=1, shuffle=False)
    batches = [{name: np.array(column) for name, column in batch.items()} for batch in loader.epoch(0)]
    return {name: np.concatenate([batch[name] for batch in batches])[::every] for name in batches[0]}


def train_ours(manifest: Manifest, held_out: Arrays, *, epochs: int, fraction: float) -> tuple[Any, float]:
    """Train the CNN with its own settings but for the epochs; give log1p counts and the CPU time it took."""
    overrides = [
        "experiment=atac_cnn",
        "seed=1",
        f"dataset.manifest={manifest.path}",
        f"trainer.epochs={epochs}",
        f"trainer.evaluate_every={epochs}",
        f"trainer.train_fraction={fraction}",
    ]
    run = compose(overrides, ROOT / "config" / "hydra")
    seed_at(run.seed)
    module = build_module(run, manifest.encoding, {})
    precision = "bf16-mixed" if has_bf16("cpu") else "32-true"
    began = cpu_seconds()
    with tempfile.TemporaryDirectory() as folder:
        fit(
            module,
            manifest,
            run,
            state=State(Path(folder)),
            hardware=Hardware("cpu", 1, precision, "cpu"),
            threads=1,
            keep_best=lambda: None,
            stop=Stop(),
        )
    spent = cpu_seconds() - began
    module.eval()
    said = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=has_bf16("cpu")):
        for codes in torch.from_numpy(held_out["sequence"]).split(32):
            said.append(module.predict_step({"sequence": codes})["log_counts"].float())
    return torch.cat(said).numpy(), spent


def train_peer(python: str, train: Arrays, held_out: Arrays, options: Options, budget_s: float) -> Arrays:
    """Train the peer in its environment for as long; see `bpnet_peer`."""
    tile, window = np.nonzero(observe(train["ends"], options).known)
    starts = options.flank + np.arange(options.windows) * options.stride
    with tempfile.TemporaryDirectory() as folder:
        given, written = Path(folder) / "given.npz", Path(folder) / "written.npz"
        np.savez(
            given,
            codes=np.minimum(train["sequence"], UNKNOWN),
            ends=np.where(train["ends"] == 255, 0, train["ends"]),
            places=np.stack([tile, starts[window]], axis=1),
            held_out=np.minimum(held_out["sequence"], UNKNOWN),
            starts=starts,
            window=options.window,
            budget_s=budget_s,
            dtype="bfloat16" if has_bf16("cpu") else "float32",
        )
        peer = Path(__file__).with_name("bpnet_peer.py")
        subprocess.run([python, str(peer), str(given), str(written)], cwd=folder, check=True)
        return dict(np.load(written)) | {"windows": len(tile)}


def claims(*, quick: bool) -> list[Claim]:
    """Train both for the same time and hold their predictions against what was counted."""
    epochs, fraction, every = (1, 0.05, 20) if quick else (EPOCHS, 1.0, EVERY)
    python = os.environ.get("BPNET_PYTHON", "")
    missing = "" if MANIFEST.is_file() else "no dataset: the file tells how to make it"
    ours_r = ours_s = peer_r = peer_s = None
    note = missing or ("" if python else "peer not installed: BPNET_PYTHON names no environment")
    spent = 0.0
    if not missing:
        torch.set_num_threads(1)
        manifest = Manifest.load(MANIFEST)
        options = Options(**manifest.encoding.options)
        held_out = read(manifest, "test", every)
        observed = observe(held_out["ends"], options)
        target = np.log1p(observed.counts[observed.known])

        def correlation(said: Any) -> float:
            return float(np.corrcoef(said[observed.known], target)[0, 1])

        said, spent = train_ours(manifest, held_out, epochs=epochs, fraction=fraction)
        ours_r, ours_s = correlation(said), spent / epochs / fraction
        if python:
            peer = train_peer(python, read(manifest, "train"), held_out, options, spent)
            peer_r = correlation(peer["log_counts"])
            peer_s = float(peer["cpu_s"] / peer["seen"] * peer["windows"])
            note = f"the peer saw {peer['seen'] / peer['windows']:.2f} epochs, ours {epochs * fraction:g}"
    return [
        claim(
            "bpnet_pearson",
            f"Pearson of log1p ends in held-out windows of yeast, {spent:.0f} CPU s of training each",
            ours=ours_r,
            peer=peer_r,
            peer_name=PEER,
            goal=1.0,
            unit="r",
            note=note,
        ),
        claim(
            "bpnet_epoch",
            "CPU time to train once on every window of the genome",
            ours=ours_s,
            peer=peer_s,
            peer_name=PEER,
            goal=1.0,
            unit="s",
            higher_is_better=False,
            note=note,
        ),
    ]


if __name__ == "__main__":
    main(claims)
