"""Train bpnet-lite on windows for a given CPU time, in an environment that has bpnet-lite.

    python benchmarks/bpnet_peer.py GIVEN.npz WRITTEN.npz

Used as its command line does: 64 filters, batches of 64 windows, Adam at 1e-3, jitter of 128 bases, either
strand. Two things are to its advantage: it computes in bf16 where ``dtype`` says so, and its learning rate
falls as a cosine that ends with its time, since such a short training never reaches its own schedule.
"""

import math
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

LAYERS = 7
"""Dilated layers: one fewer than by default, so that it sees as far (301 bases) as what stands beside it."""

MARGIN = 47 + sum(2**layer for layer in range(1, LAYERS + 1))
BATCH, JITTER, RATE, UNKNOWN = 64, 128, 1e-3, 4
Bytes = npt.NDArray[np.uint8]


def one_hot(codes: Bytes) -> torch.Tensor:
    """Give float32 (B, 4, L) of base codes (B, L); `UNKNOWN` is all zeros."""
    return torch.from_numpy(np.eye(UNKNOWN + 1, 4, dtype=np.float32)[np.minimum(codes, UNKNOWN)]).mT


class Windows:
    """Batches of windows until the CPU time is spent, as `BPNet.fit` takes them.

    Parameters
    ----------
    codes, ends : uint8 array, shape (tiles, width)
        Base codes, and ends at each base.
    places : int array, shape (windows, 2)
        Tile and first base of each window.
    optimizer : Optimizer
        Its learning rate is set from batch to batch.
    window : int
        Bases of a window.
    budget_s : float
        CPU seconds, from the first batch on.

    Attributes
    ----------
    seen : int
        Windows given so far.
    """

    def __init__(
        self,
        codes: Bytes,
        ends: Bytes,
        places: npt.NDArray[np.int64],
        optimizer: torch.optim.Optimizer,
        *,
        window: int,
        budget_s: float,
    ) -> None:
        self.codes, self.ends, self.places, self.optimizer = codes, ends, places, optimizer
        self.window, self.budget_s = window, budget_s
        self.seen = 0

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
        rng, began = np.random.default_rng(1), time.process_time()
        while True:
            order = rng.permutation(len(self.places))
            for at in range(0, len(order) - BATCH + 1, BATCH):
                share = (time.process_time() - began) / self.budget_s
                if share >= 1:
                    return
                for group in self.optimizer.param_groups:
                    group["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * share))
                tile, start = self.places[order[at : at + BATCH]].T
                start = start + rng.integers(-JITTER, JITTER + 1, len(start))
                x = one_hot(cut(self.codes, tile, start - MARGIN, self.window + 2 * MARGIN))
                y = torch.from_numpy(cut(self.ends, tile, start, self.window).astype(np.float32))[:, None]
                turned = torch.from_numpy(rng.random(len(start)) < 0.5)[:, None, None]
                self.seen += len(start)
                yield (
                    torch.where(turned, x.flip(1, 2), x),
                    torch.where(turned, y.flip(2), y),
                    torch.ones(len(start)),
                )


def cut(values: Bytes, tile: npt.NDArray[np.int64], start: npt.NDArray[np.int64], width: int) -> Bytes:
    """Give the bases from `start` on of each tile."""
    return values[tile[:, None], start[:, None] + np.arange(width)]


def predict(
    model: torch.nn.Module, codes: Bytes, starts: npt.NDArray[np.int64], window: int, dtype: torch.dtype
) -> Any:
    """Give the predicted log1p counts (tiles, windows), both strands averaged."""
    model.eval()
    found = np.empty((len(codes), len(starts)), np.float32)
    with torch.no_grad(), torch.autocast("cpu", dtype, enabled=dtype != torch.float32):
        for at, start in enumerate(starts):
            x = one_hot(codes[:, start - MARGIN : start + window + MARGIN])
            for rows in torch.arange(len(x)).split(256):
                said = [model(turned)[1][:, 0].float() for turned in (x[rows], x[rows].flip(1, 2))]
                found[rows, at] = (said[0] + said[1]) / 2
    return found


def main(given_path: str, written_path: str) -> None:
    """Train, predict the held-out tiles and write what is compared."""
    from bpnetlite import BPNet

    torch.set_num_threads(1)
    torch.manual_seed(1)
    given = dict(np.load(given_path))
    window, dtype = int(given["window"]), getattr(torch, str(given["dtype"]))
    model = BPNet(
        n_filters=64,
        n_layers=LAYERS,
        n_outputs=1,
        n_control_tracks=0,
        trimming=MARGIN,
        name="peer",
        verbose=False,
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    windows = Windows(
        given["codes"],
        given["ends"],
        given["places"],
        optimizer,
        window=window,
        budget_s=float(given["budget_s"]),
    )
    few = given["places"][:BATCH].T  # what it validates on: it wants some, and nothing is chosen by it
    x = one_hot(cut(given["codes"], few[0], few[1] - MARGIN, window + 2 * MARGIN))
    y = torch.from_numpy(cut(given["ends"], few[0], few[1], window).astype(np.float32))[:, None]
    began = time.process_time()
    model.fit(
        windows, optimizer, X_valid=x, y_valid=y, max_epochs=1, batch_size=BATCH, dtype=dtype, device="cpu"
    )
    spent = time.process_time() - began
    log_counts = predict(model, given["held_out"], given["starts"], window, dtype)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    np.savez(written_path, log_counts=log_counts, cpu_s=spent, seen=windows.seen, parameters=parameters)


if __name__ == "__main__":
    main(*sys.argv[1:])
