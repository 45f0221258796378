"""How long the command line takes to answer: its help, and a configuration with a mistake.

Wall time of whole processes, each started anew; the files they read are in the page cache.
"""

import subprocess
import sys
import time
from pathlib import Path

from harness import Case, Claim, claim, main, measure

ROOT = Path(__file__).resolve().parents[1]
CALLS = {
    "help": (["--help"], 0, 0.5, "seqmill --help"),
    "bad_config": (
        ["compose", "experiment=pileup_cnn", "trainer.epoch=3"],
        2,
        1.0,
        "Validation of a bad configuration",
    ),
}


def _call(arguments: list[str], code: int) -> None:
    command = [sys.executable, "-c", "from seqmill.cli.main import main; main()", *arguments]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if answer.returncode != code:
        raise AssertionError(f"{' '.join(arguments)}: exit code {answer.returncode}\n{answer.stderr}")


def claims(*, quick: bool) -> list[Claim]:
    """Start each call several times."""
    cases = [
        Case(name, lambda given=(arguments, code): _call(*given))
        for name, (arguments, code, _, _) in CALLS.items()
    ]
    rounds = 1 if quick else 5
    best = measure(cases, rounds=rounds, clock=time.perf_counter)
    cpu = measure(cases, rounds=rounds)
    return [
        claim(
            f"startup_{name}",
            text,
            ours=best[name],
            peer=limit,
            peer_name="limit",
            goal=1.0,
            unit="s",
            higher_is_better=False,
            note=f"wall time; of it {cpu[name]:.2g} s on a processor",
        )
        for name, (_, _, limit, text) in CALLS.items()
    ]


if __name__ == "__main__":
    main(claims)
