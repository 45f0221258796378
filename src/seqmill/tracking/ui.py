"""MLflow's pages on the store of a results folder."""

import socket
from pathlib import Path

from seqmill.errors import InputError
from seqmill.files import read_json
from seqmill.tracking.store import KIND, connect

_PORTS = 20


def find_store(results: Path) -> str:
    """Give the address of the store that the runs of a results folder are recorded in.

    Parameters
    ----------
    results : Path
        Folder of a dataset, such as ``results/demo``.

    Raises
    ------
    InputError
        When nothing was recorded there yet.
    """
    store = results / "mlflow.db"
    if store.is_file():
        return f"sqlite:///{store}"
    note = results / "tracking.json"
    if note.is_file():
        return str(read_json(note, "uri")["uri"])
    known = sorted(str(found.parent) for found in results.parent.glob("*/mlflow.db"))
    there = f"; there are runs in: {', '.join(known)}" if known else ""
    raise InputError(
        f"{results}: no tracking store there{there}. Train something first (make demo), "
        "or name the folder of another dataset (make ui RESULTS=results/NAME)"
    )


def ui_command(uri: str, *, python: str, port: int) -> list[str]:
    """Give the command that shows a store on this machine alone; logged files of a moved folder are found.

    Raises
    ------
    InputError
        When the store does not exist, or cannot be reached.
    """
    client = connect(uri)
    for experiment in client.search_experiments():
        if KIND[0] not in experiment.tags:
            client.set_experiment_tag(experiment.experiment_id, *KIND)
    return [
        *(python, "-m", "mlflow", "server"),
        *("--backend-store-uri", uri, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
    ]


def page(uri: str, port: int) -> str:
    """Give the address of the page of runs: that of the only experiment, or the list of experiments."""
    home = f"http://127.0.0.1:{port}"
    used = [found for found in connect(uri).search_experiments() if found.name != "Default"]
    return f"{home}/#/experiments/{used[0].experiment_id}/runs" if len(used) == 1 else home


def free_port(first: int) -> int:
    """Give the first port from `first` on that nobody listens to.

    Raises
    ------
    InputError
        When there is none among the next twenty.
    """
    for port in range(first, first + _PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise InputError(f"ports {first} to {first + _PORTS - 1} are all taken; give another one with --port")
