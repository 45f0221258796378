"""Batches to a GPU, training on it, and expansion beside the memory's bandwidth; says so where there is none.

    python benchmarks/device.py [--quick] [--json FILE]

Everything is wall time, taken while the device is waited for. Examples are generated, so nothing else is
needed than this repository and a GPU.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from generated import COLUMNS, dataset
from harness import Claim, claim, main

from seqmill.applications.small_variants.inputs import features_and_columns
from seqmill.applications.small_variants.planes import expand_planes
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest
from seqmill.shards.ring import Ring
from seqmill.stopping import Stop
from seqmill.training.compose import compose
from seqmill.training.data import Batches, pinned
from seqmill.training.fit import fit
from seqmill.training.hardware import Hardware, find_hardware
from seqmill.training.module import build_module
from seqmill.training.seeding import seed_at
from seqmill.training.state import State

HYDRA = Path(__file__).resolve().parents[1] / "config" / "hydra"
BATCH = 4096
MISSING = "no GPU on this machine"
TEXTS = {
    "device_delivered": ("Packed batches delivered to the GPU, shuffled", "examples/s"),
    "device_trained": ("pileup_cnn trained on the GPU", "examples/s"),
    "device_wait": ("Share of GPU training that waits for batches", "of the time"),
    "device_columns": ("Features and columns made on the GPU, bytes read and written", "GB/s"),
    "device_planes": ("Planes expanded on the GPU, bytes read and written", "GB/s"),
}


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _best_seconds(run: Callable[[], object], device: torch.device, rounds: int) -> float:
    """Give the wall time of the quickest of some runs, after two that warm up."""
    best = float("inf")
    for turn in range(rounds + 2):
        _wait(device)
        began = time.perf_counter()
        run()
        _wait(device)
        if turn >= 2:
            best = min(best, time.perf_counter() - began)
    return best


def delivered(manifest: Manifest, device: torch.device, *, threads: int, rounds: int) -> float:
    """Give the examples a second that reach the device, as training has them delivered."""
    ring = Ring(4, pinned) if device.type == "cuda" else None
    loader = Loader(manifest, "train", batch_size=BATCH, seed=1, shuffle=True, threads=threads, ring=ring)
    batches = Batches(loader, ring=ring)

    def epoch() -> None:
        for batch in batches:
            for tensor in batch.values():
                tensor.to(device, non_blocking=True)

    return loader.rows / _best_seconds(epoch, device, rounds)


def trained(manifest: Manifest, hardware: Hardware, folder: Path, *, threads: int) -> tuple[float, float]:
    """Train three epochs; give examples a second and the share of waiting of the last."""
    overrides = ["experiment=pileup_cnn", f"dataset.manifest={manifest.path}", "seed=1", "trainer.epochs=3"]
    run = compose([*overrides, f"trainer.batch_size={BATCH}"], HYDRA)
    seed_at(run.seed)
    module = build_module(run, manifest.encoding, {"0": 1, "1": 1, "2": 1})
    fitted = fit(
        module,
        manifest,
        run,
        state=State(folder),
        hardware=hardware,
        threads=threads,
        keep_best=lambda: None,
        stop=Stop(),
    )
    last = fitted.history.entries[-1]
    return last["examples_per_s"], last["loader_wait"]


def bandwidth(device: torch.device, megabytes: int, rounds: int) -> float:
    """Give the bytes a second, read and written, of a copy inside the device's memory."""
    source = torch.zeros(megabytes << 20, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    return 2 * source.numel() / _best_seconds(lambda: target.copy_(source), device, rounds)


def expansion(payload: torch.Tensor, make: Callable[..., object], rounds: int) -> float:
    """Give the bytes a second of an expansion: its input and outputs counted once, whatever lies between."""
    made = make(payload, COLUMNS)
    outputs = made if isinstance(made, tuple) else (made,)
    size = payload.numel() + sum(one.numel() * one.element_size() for one in outputs)
    return size / _best_seconds(lambda: make(payload, COLUMNS), payload.device, rounds)


def measured(device: torch.device, hardware: Hardware, *, quick: bool) -> list[Claim]:
    """Measure everything on one device."""
    rounds, rows, threads = (1, 2 * BATCH, 1) if quick else (7, 64 * BATCH, 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = dataset(folder, train=rows, validation=256)
        arriving = delivered(manifest, device, threads=threads, rounds=rounds)
        (folder / "state").mkdir()
        speed, wait = trained(manifest, hardware, folder / "state", threads=threads)
        batches = Loader(manifest, "train", batch_size=BATCH, seed=1, shuffle=True, threads=0)
        payload = torch.from_numpy(next(iter(batches.epoch(0)))["pileup"]).to(device)
    copy = bandwidth(device, 16 if quick else 1024, rounds) / 1e9
    columns = expansion(payload, features_and_columns, rounds) / 1e9
    planes = expansion(payload, expand_planes, rounds) / 1e9
    note = hardware.name
    return [
        _say("device_delivered", arriving, speed, "what training takes", None, note=note),
        _say("device_trained", speed, arriving, "what is delivered", None, note=note),
        _say("device_wait", wait, 1.0, "the whole step", 0.02, note=note, higher_is_better=False),
        _say("device_columns", columns, copy, "copy in its memory", None, note=note),
        _say("device_planes", planes, copy, "copy in its memory", None, note=note),
    ]


def _say(
    key: str,
    ours: float | None,
    peer: float | None,
    peer_name: str,
    goal: float | None,
    *,
    note: str,
    higher_is_better: bool = True,
) -> Claim:
    text, unit = TEXTS[key]
    return claim(
        *(key, text),
        ours=ours,
        peer=peer,
        peer_name=peer_name,
        goal=goal,
        unit=unit,
        note=note,
        higher_is_better=higher_is_better,
    )


def claims(*, quick: bool) -> list[Claim]:
    """Measure on the first GPU; without one every line says so."""
    if not torch.cuda.is_available():
        return [_say(key, None, None, "-", None, note=MISSING) for key in TEXTS]
    return measured(torch.device("cuda", 0), find_hardware("auto", 1), quick=quick)


if __name__ == "__main__":
    main(claims)
