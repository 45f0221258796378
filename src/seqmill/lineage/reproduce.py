"""Train a run again from what was recorded of it, and say whether it is the same."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch

from seqmill.errors import InputError
from seqmill.evaluation.dataset import Dataset
from seqmill.evaluation.run import evaluate_run
from seqmill.files import write_json
from seqmill.lineage.findings import Finding, environment_findings, file_findings
from seqmill.lineage.places import Places
from seqmill.lineage.read import digest_of
from seqmill.lineage.rebuild import rebuild
from seqmill.lineage.recorded import PREDICTIONS, Recorded, find_run
from seqmill.lineage.seeds import REPRODUCTION, other_seeds, primary
from seqmill.lineage.verdict import DIFFERENT, Verdict, compare_metrics
from seqmill.lineage.verify import Checked, check
from seqmill.origin import Node, this_step
from seqmill.progress import progress
from seqmill.shards.manifest import Manifest
from seqmill.tracking.provenance import environment
from seqmill.tracking.record import CHECKPOINT
from seqmill.tracking.store import connect, init_store
from seqmill.training.checkpoint import device_of, read_facts
from seqmill.training.config import RunConfig
from seqmill.training.hardware import find_hardware
from seqmill.training.ranks import find_ranks
from seqmill.training.train import Places as Outputs
from seqmill.training.train import train
from seqmill.training.validate import validate

INPUTS_CHANGED = "inputs changed"
"""Verdict without training: the data are not those that the run was trained on."""

_INPUTS = ("reads", "reference", "checkpoint")
"""What is checked beside the files that nothing else was made into, such as those of labels."""


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """How a reproduction ended.

    Attributes
    ----------
    findings : tuple of Finding
        What was compared before training.
    verdict : Verdict or None
        None when the inputs changed and nothing was trained.
    folder : Path
        Where everything was written.
    """

    findings: tuple[Finding, ...]
    verdict: Verdict | None
    folder: Path

    @property
    def name(self) -> str:
        """The verdict in words."""
        return INPUTS_CHANGED if self.verdict is None else self.verdict.name

    @property
    def exit_code(self) -> int:
        """0 when the run is identical or equal within the seed spread, else 1."""
        return int(self.name in (INPUTS_CHANGED, DIFFERENT))


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be reproduced, and how.

    Attributes
    ----------
    run : str
        Folder or id of the run.
    uri : str or None
        Its tracking store.
    output : Path or None
        Folder of the new run.
    configfile : Path or None
        Configuration of the workflow, to build what is missing.
    anyway : bool
        Train although the inputs changed.
    """

    run: str
    uri: str | None = None
    output: Path | None = None
    configfile: Path | None = None
    anyway: bool = False


@dataclass
class _Work:
    """The reproduction in progress."""

    request: Request
    recorded: Recorded
    folder: Path
    findings: list[Finding] = field(default_factory=list)

    @property
    def threads(self) -> int:
        return int(self.recorded.facts.get("environment", {}).get("threads", 1))

    @property
    def devices(self) -> int | None:
        """As many as were used, or what there is when that is fewer."""
        told = self.recorded.facts.get("environment", {}).get("device", "").split(" x ")[0]
        visible = torch.cuda.device_count()
        return int(told) if told.isdigit() and not 0 < visible < int(told) else None


def reproduce(request: Request) -> Reproduction:
    """Check what a run was made of, train it again in a fresh folder, score it, and compare.

    The recorded run is only read. The new one is tracked too, under the tag ``reproduces``.

    Raises
    ------
    InputError
        When there is no such run, the output folder is in use, or something is missing that cannot be built.
    Interrupted
        When it was stopped; the same call goes on from there.
    """
    scratch = request.output or Path("reproduced")
    recorded = find_run(request.run, uri=request.uri, scratch=scratch / "recorded")
    folder = _fresh(request.output or Path("reproduced") / _name(recorded), recorded)
    work = _Work(request, recorded, folder)
    _say(work, _environment(work))
    _say(work, _inputs(work))
    if _stopped(work):
        return _ended(work, None)
    manifest, plan = _dataset(work)
    if _stopped(work):
        return _ended(work, None)
    run = _configuration(recorded, manifest)
    _train(work, run)
    if plan is not None:
        evaluate_run(
            folder, Dataset.open(plan, manifest.path), threads=work.threads, tracking_uri=_store(work)[0]
        )
    return _ended(work, _judge(work, scored=plan is not None))


def _name(recorded: Recorded) -> str:
    short = recorded.facts["run_id"][:8] or "untracked"
    return f"{recorded.experiment}-seed-{recorded.seed}-{short}"


def _fresh(folder: Path, recorded: Recorded) -> Path:
    """Refuse a folder that holds a finished reproduction, or that is the recorded run's own."""
    own, old = folder.absolute(), recorded.folder.absolute()
    if own == old or old in own.parents:
        raise InputError(
            f"{folder}: belongs to the recorded run, which is left alone; give another --output-dir"
        )
    if (folder / REPRODUCTION).is_file():
        raise InputError(f"{folder}: holds a finished reproduction; give another --output-dir, or remove it")
    return folder


def _environment(work: _Work) -> list[Finding]:
    """Compare code, packages and machine, and the checkpoint with what it says of itself."""
    facts = work.recorded.facts
    hardware = find_hardware(facts["config"]["trainer"]["precision"], work.devices)
    now = environment() | {"threads": str(work.threads), "device": device_of(hardware)}
    told, found = facts["weights_digest_told"], facts["weights_digest"]
    weights = Finding(
        what=f"checkpoint {work.recorded.folder / CHECKPOINT}",
        expected=f"weights {told or found}",
        found=f"weights {found}",
        same=told in ("", found),
        stops=told not in ("", found),
    )
    return [weights, *environment_findings(facts.get("environment", {}), now)]


def _inputs(work: _Work) -> list[Finding]:
    """Digest the files again that the dataset was made of, each once."""
    places = Places(work.recorded.folder / CHECKPOINT)
    origin = work.recorded.origin
    nodes = {(node.kind, node.digest, node.path): node for node in origin.walk() if node is not origin}
    files = [
        node
        for node in nodes.values()
        if node.digest and node.path and (node.kind in _INPUTS or not node.parents)
    ]
    checked: list[Checked] = [
        check(node, places.find(node)) for node in progress(files, desc="checking inputs", unit="files")
    ]
    return list(file_findings(checked))


def _dataset(work: _Work) -> tuple[Manifest, Path | None]:
    """Give the manifest and the plan, built again where they are missing, and note their digests."""
    recorded = work.recorded
    expected = recorded.facts["dataset_digest"]
    told = Node(
        kind="dataset",
        name="dataset",
        digest=expected,
        of="content",
        path=recorded.facts["config"]["dataset"]["manifest"],
    )
    places = Places(recorded.folder / CHECKPOINT)
    path, plan = places.find(told), recorded.plan
    plan_path = None if plan is None else places.find(plan)
    missing = [Path(node.path) for node, found in ((told, path), (plan, plan_path)) if node and not found]
    if path is not None and not missing and not _whole(path):
        missing = [path]
    if missing:
        origin = recorded.origin.parents[0]
        rebuild(
            missing,
            dataset=origin.name,
            configfile=work.request.configfile,
            threads=work.threads,
            origin=origin,
        )
        path, plan_path = path or Path(told.path), plan_path or (Path(plan.path) if plan else None)
    assert path is not None
    _say(work, list(file_findings([check(told, path)])))
    if plan is not None and plan_path is not None:
        _say(work, list(file_findings([check(plan, plan_path)])))
    return Manifest.read(path), plan_path


def _whole(path: Path) -> bool:
    manifest = Manifest.read(path)
    return all(manifest.shard_path(shard).is_file() for shard in manifest.shards)


def _configuration(recorded: Recorded, manifest: Manifest) -> RunConfig:
    content = recorded.facts["config"]
    content = content | {"dataset": content["dataset"] | {"manifest": str(manifest.path)}}
    return validate(content, source=f"configuration of {recorded.run_id}")


def _train(work: _Work, run: RunConfig) -> None:
    uri, experiment = _store(work)
    places = Outputs(output=work.folder, state=work.folder / "state", store=uri, store_experiment=experiment)
    tags = {"reproduces": work.recorded.run_id}
    train(run, places, threads=work.threads, ranks=find_ranks(devices=work.devices), tags=tags)


def _store(work: _Work) -> tuple[str, str]:
    """Give the store and experiment of the recorded run; one in the new folder where they are gone."""
    uri, run_id = work.recorded.uri, work.recorded.facts["run_id"]
    if uri is not None and run_id:
        try:
            client = connect(uri)
            found = client.get_experiment(client.get_run(run_id).info.experiment_id)
            return uri, str(found.name)
        except Exception as error:  # a store that cannot be used must not keep a run from being reproduced
            print(f"warning: {uri}: {error}; tracking in {work.folder} instead", file=sys.stderr)
    own = f"sqlite:///{work.folder / 'mlflow.db'}"
    init_store(own, "reproduced")
    return own, "reproduced"


def _judge(work: _Work, *, scored: bool) -> Verdict:
    old, new = work.recorded.folder, work.folder
    weights = (work.recorded.facts["weights_digest"], read_facts(new / CHECKPOINT)["weights_digest"])
    if not scored or work.recorded.scored is None:
        return Verdict(weights=weights)
    reproduced = Recorded(folder=new, facts=work.recorded.facts, uri=None).scored
    return Verdict(
        weights=weights,
        predictions=(_predictions(old), _predictions(new)),
        metrics=compare_metrics(
            primary(work.recorded.scored), primary(reproduced), other_seeds(work.recorded)
        ),
    )


def _predictions(folder: Path) -> str:
    path = folder / PREDICTIONS
    return digest_of(path, "content") if path.is_file() else ""


def _say(work: _Work, findings: Sequence[Finding]) -> None:
    work.findings += findings
    for finding in findings:
        print(finding, file=sys.stderr, flush=True)


def _stopped(work: _Work) -> bool:
    return not work.request.anyway and any(finding.stops for finding in work.findings)


def _ended(work: _Work, verdict: Verdict | None) -> Reproduction:
    done = Reproduction(findings=tuple(work.findings), verdict=verdict, folder=work.folder)
    step = this_step()
    content: dict[str, Any] = {
        "run": work.recorded.run_id,
        "experiment": work.recorded.experiment,
        "seed": work.recorded.seed,
        "verdict": done.name,
        "findings": [vars(finding) for finding in work.findings],
        "command": step.command,
        "program_version": step.program,
        "commit": step.commit,
    }
    name = REPRODUCTION if verdict is not None else "findings.json"
    write_json(work.folder / name, content | (verdict.plain() if verdict else {}))
    return done
