"""Run every benchmark, each in a process of its own, print one table and write results.json."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from harness import installed
from table import RESULTS, plain, rows

HERE = Path(__file__).parent
PACKAGES = (
    *("seqmill", "numpy", "numba", "pyarrow", "pysam", "torch", "polars-bio", "oxbow"),
    *("datasets", "litdata", "webdataset", "h5py", "mlflow"),
)


def benchmarks() -> list[Path]:
    """Give the files that measure something: those that offer ``claims``."""
    return [path for path in sorted(HERE.glob("*.py")) if "\ndef claims(" in path.read_text()]


def run(path: Path, *, quick: bool) -> tuple[list[dict[str, Any]], str]:
    """Run one file; give its claims, or why there are none."""
    command = command_of(path)
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "claims.json"
        arguments = [sys.executable, str(path), "--json", str(answer), *(["--quick"] if quick else [])]
        code = subprocess.run(arguments, env=_one_thread()).returncode
        if code or not answer.is_file():
            return [], f"{command} ended with code {code}"
        found = json.loads(answer.read_text())
    print(f"   {path.name}: {found['seconds']:.0f} s", flush=True)
    return [entry | {"command": command} for entry in found["claims"]], ""


def _one_thread() -> dict[str, str]:
    """Hold libraries to one thread: the figures are of one core."""
    names = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
    return os.environ | dict.fromkeys((*names, "NUMBA_NUM_THREADS"), "1")


def machine() -> dict[str, Any]:
    """Describe the processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "cpu": models[0] if models else "unknown processor",
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "gpu": _gpu(),
    }


def _gpu() -> str:
    if not installed("torch"):
        return "none"
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else "none"


def versions() -> dict[str, str]:
    """Give the versions of what was measured; a peer that is not there is named as such."""
    found = {"python": sys.version.split()[0]}
    for name in PACKAGES:
        try:
            found[name] = version(name).split("+")[0]
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _git(*arguments: str) -> str:
    answer = subprocess.run(["git", "-C", str(HERE), *arguments], capture_output=True, text=True)
    return answer.stdout.strip()


def described(*, quick: bool) -> dict[str, Any]:
    """Say where and of what the measurements are."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": _git("rev-parse", "--short=12", "HEAD"),
        "changed": bool(_git("status", "--porcelain", "--untracked-files=no", "--", "../src", ".")),
        "quick": quick,
        "machine": machine(),
        "versions": versions(),
        "claims": [],
        "failures": [],
    }


def replace(results: dict[str, Any], path: Path, claims: list[dict[str, Any]], failure: str) -> None:
    """Put what one file measured in the place of what it measured before; each claim names its commit."""
    place = {"commit": results["commit"], "load": round(os.getloadavg()[0], 1)}
    command = command_of(path)
    kept = [entry for entry in results["claims"] if entry["command"] != command]
    results["claims"] = sorted(kept + [entry | place for entry in claims], key=lambda entry: entry["command"])
    results["failures"] += [failure] if failure else []


def command_of(path: Path) -> str:
    """Give the command that measures one file's claims."""
    return f"python benchmarks/{path.name}"


def main() -> None:
    """Run all files, or those named and leave the others' lines as they are."""
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("names", nargs="*", help="files without .py [default: all]")
    parser.add_argument("--quick", action="store_true", help="little input; the figures mean nothing")
    parser.add_argument("--results", type=Path, default=RESULTS)
    options = parser.parse_args()
    results = described(quick=options.quick)
    if options.names and options.results.is_file():
        results["claims"] = json.loads(options.results.read_text())["claims"]
    for path in benchmarks():
        if options.names and path.stem not in options.names:
            continue
        print(f"== {path.name}", flush=True)
        claims, failure = run(path, quick=options.quick)
        replace(results, path, claims, failure)
        options.results.write_text(json.dumps(results, indent=1) + "\n")
    print("\n" + plain(rows(results)))
    print("\n".join(results["failures"]), f"\nwrote {options.results}")
    sys.exit(bool(results["failures"]))


if __name__ == "__main__":
    main()
