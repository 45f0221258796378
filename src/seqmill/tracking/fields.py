"""All texts that the tracker holds of an experiment's runs, and copies of their artifacts."""

from collections.abc import Iterator
from pathlib import Path

from seqmill.tracking.store import connect, experiment_id


def run_fields(uri: str, experiment: str) -> Iterator[tuple[str, str]]:
    """Give the texts of each run: its name, tags, parameters, names of metrics, and datasets.

    Parameters
    ----------
    uri : str
        Address of the store.
    experiment : str
        Name of the experiment.

    Yields
    ------
    tuple of str
        What they are of, such as ``run 3f2a``, and the texts, each on a line of its own.

    Raises
    ------
    InputError
        When store or experiment do not exist.
    """
    client = connect(uri)
    of, token = [experiment_id(client, uri, experiment)], None
    while True:
        found = client.search_runs(of, page_token=token)
        for run in found:
            texts = [str(run.info.run_name), *run.data.metrics]
            for pairs in (run.data.tags, run.data.params):
                texts += [text for pair in pairs.items() for text in pair]
            for one in run.inputs.dataset_inputs:
                texts += [one.dataset.name, one.dataset.source, str(one.dataset.profile)]
            yield f"run {run.info.run_id}", "\n".join(texts)
        token = found.token
        if not token:
            return


def fetch_artifacts(uri: str, experiment: str, folder: Path) -> None:
    """Copy the artifacts of each run into a folder of its id."""
    client = connect(uri)
    for run in client.search_runs([experiment_id(client, uri, experiment)], max_results=50_000):
        for artifact in client.list_artifacts(run.info.run_id):
            target = folder / run.info.run_id
            target.mkdir(exist_ok=True)
            client.download_artifacts(run.info.run_id, artifact.path, str(target))
