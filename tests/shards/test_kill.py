"""A reader that is killed at any batch goes on as if nothing had happened."""

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest

OPTIONS = {"batch_size": 48, "seed": 3, "shuffle": True, "block_groups": 4}
READER = """
import hashlib, sys
import numpy as np
from seqmill.shards.loader import Loader
from seqmill.shards.manifest import Manifest

path, start, threads, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "True"
loader = Loader(
    Manifest.load(path), "train", threads=threads, memory=memory,
    batch_size=48, seed=3, shuffle=True, block_groups=4,
)
for batch in loader.epoch(5, start):
    content = b"".join(np.ascontiguousarray(batch[name]).tobytes() for name in sorted(batch))
    print(hashlib.sha256(content).hexdigest(), flush=True)
    sys.stdin.readline()
"""


def read(manifest: Manifest, start: int, *, threads: int, memory: bool, kill_after: int | None) -> list[str]:
    """Read batches in another process, which is killed as soon as it has told of so many."""
    command = [sys.executable, "-c", READER, str(manifest.path), str(start), str(threads), str(memory)]
    told: list[str] = []
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ) as process:
        assert process.stdin is not None and process.stdout is not None
        for line in process.stdout:
            told.append(line.strip())
            if len(told) == kill_after:
                process.send_signal(signal.SIGKILL)
                break
            process.stdin.write("\n")
            process.stdin.flush()
        process.stdout.read()
    assert process.returncode == (0 if kill_after is None else -signal.SIGKILL)
    return told


@pytest.mark.parametrize(
    ("threads", "memory", "killed_at"), [(0, False, (1,)), (4, True, (9,)), (2, False, (6, 5))]
)
def test_batches_after_a_kill_are_those_of_a_reader_never_killed(
    tmp_path: Path, rows, build, threads: int, memory: bool, killed_at: tuple[int, ...]
) -> None:
    manifest = build(tmp_path, rows)
    whole = [
        hashlib.sha256(
            b"".join(np.ascontiguousarray(batch[name]).tobytes() for name in sorted(batch))
        ).hexdigest()
        for batch in Loader(manifest, "train", memory=memory, threads=0, **OPTIONS).epoch(5)
    ]
    told: list[str] = []
    for kill_after in (*killed_at, None):
        told += read(manifest, len(told), threads=threads, memory=memory, kill_after=kill_after)
    assert told == whole
