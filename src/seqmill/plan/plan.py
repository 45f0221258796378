"""The plan of one dataset: everything the rules ask about, checked as a whole."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from seqmill.applications.application import Application, find_application
from seqmill.applications.jobs import example_options, sample_batches
from seqmill.errors import ConfigErrors, InputError
from seqmill.genome.names import RULES
from seqmill.genome.splits import Splits
from seqmill.packing.plan import load_pack_plan
from seqmill.plan.addresses import Addresses, is_address
from seqmill.plan.called import calls_peaks, peak_options
from seqmill.plan.checks import WHOLE, cross_problems, federated_problems
from seqmill.plan.contigs import reference_contigs, region_batch
from seqmill.plan.earlier import cycle_problems, earlier_runs
from seqmill.plan.expand import expanded
from seqmill.plan.experiments import Experiment, read_experiments
from seqmill.plan.interpreted import asked_files, asked_options, with_copies
from seqmill.plan.mixtures import mixture_problems
from seqmill.plan.private import privacy_facts, privacy_problems, under_pseudonyms
from seqmill.plan.ranked import ranked_files, ranked_options, ranking_problems
from seqmill.plan.samples import Sample, missing_files, read_samples
from seqmill.plan.schema import load_schema, schema_problems, with_defaults
from seqmill.plan.sweeps import Sweep, read_sweeps
from seqmill.profiles.plan import load_profiles_plan

_EXAMPLE_KEYS = ("dataset", "application", "options", "seed", "reference", "region_batch")
_INPUTS = ("reference", "files", "samples", "experiments", "sweeps", "simulate", "pack", "profiles")
_PATHS = (*_INPUTS, "hydra", "explain", "effects", "rank", "privacy")
_SHARD_KEYS = ("limits", "rows_per_group", "rows_per_shard")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one dataset is made of and what is done with it.

    Attributes
    ----------
    config : dict
        The configuration with all defaults filled in.
    samples : dict
        Name -> `Sample`, all rows of the sheet.
    experiments : dict
        Name -> `Experiment`, those of the sheet and then the trials of the sweeps.
    sweeps : dict
        Name -> `Sweep`.
    contigs : dict
        Contigs of the reference, name -> length in bases, in its order.
    splits : Splits
        Which split a sample's contig belongs to.
    delivered : dict
        Under pseudonyms, name of a file of labels -> the file that it is a copy of.
    """

    config: dict[str, Any]
    samples: dict[str, Sample]
    experiments: dict[str, Experiment]
    sweeps: dict[str, Sweep]
    contigs: dict[str, int]
    splits: Splits
    delivered: dict[str, str] = field(default_factory=dict)

    @property
    def results(self) -> str:
        """Folder of everything that is written."""
        return f"results/{self.config['dataset']}"

    @property
    def raw(self) -> str:
        """Folder of generated or packed input."""
        return f"{self.results}/raw"

    @property
    def contig_table(self) -> list[str]:
        """The table by which contigs are renamed, where there is one."""
        given = self.config["rename_contigs"]
        return [given] if given and given not in RULES else []

    @property
    def generated(self) -> list[str]:
        """Files of the sheet and of the dataset that the generator writes, or the packing."""
        named = [path for sample in self.samples.values() for path in sample.paths]
        named += self.config["files"].values()
        return sorted({path for path in named if Path(path).is_relative_to(self.raw)})

    @property
    def packed(self) -> list[str]:
        """Files of sequences that are packed into a genome."""
        if not self.config["pack"]:
            return []
        return list(dict.fromkeys(source.path for source in load_pack_plan(self.config["pack"]).sources))

    @property
    def profiled(self) -> list[str]:
        """Files that the tables of profiles are made of."""
        if not self.config["profiles"]:
            return []
        return list(load_profiles_plan(self.config["profiles"]).paths)

    @property
    def generated_cohort(self) -> tuple[str, str, list[str]]:
        """Plan, folder and files of a generated cohort that profiles are made of; empty without one."""
        plan = load_profiles_plan(self.config["profiles"]) if self.config["profiles"] else None
        if plan is None or plan.generated is None:
            return "", "", []
        return plan.generated.plan, plan.generated.folder, list(plan.generated_paths)

    @property
    def split_samples(self) -> list[str]:
        """Samples that any split uses, in the order of the sheet."""
        used = {name for split in self.splits.names for name in self.splits.samples(split)}
        return [name for name in self.samples if name in used]

    @property
    def application(self) -> Application:
        """What the dataset is for."""
        return find_application(self.config["application"])

    @property
    def staged(self) -> tuple[str, str]:
        """Endings of the staged reads, without the first dot, and of what their index adds."""
        kinds = {sample.kind for sample in self.samples.values()}
        if "rows" in kinds:
            return "rows.parquet", ""
        return ("bam", "bai") if "alignments" in kinds else ("bed.gz", "tbi")

    @property
    def calls_peaks(self) -> bool:
        """Whether examples are made from peaks that are called from the staged reads."""
        return calls_peaks(self.samples, self.application)

    @property
    def examined(self) -> tuple[str, str, str]:
        """Folder of what examples are made from, and its endings as in `staged`."""
        if self.config["profiles"]:
            return ("raw", *self.staged)
        return ("peaks", "bed.gz", "tbi") if self.calls_peaks else ("reads", *self.staged)

    def controls(self, sample: str) -> list[str]:
        """Give the sample that is the background of another one's peaks, where there is one."""
        control = self.samples[sample].control
        return [control] if control else []

    def peak_options(self, sample: str) -> list[str]:
        """Give how the peaks of a sample are called, as options of the verb."""
        return peak_options(self.config["peaks"], self.samples[sample], f"{self.results}/reads")

    @property
    def one_test(self) -> bool:
        """Whether a single sample at a single depth is tested, so that a run has one file of calls."""
        return sum(len(self.depths(name)) for name in self.splits.samples("test")) == 1

    @property
    def model_name(self) -> str:
        """Name under which the best model is registered."""
        return f"seqmill-{self.config['dataset']}"

    def runs_as(self, role: str) -> list[tuple[str, int]]:
        """Give experiment and seed of every run whose experiment has the role ``model`` or ``baseline``."""
        experiments = [one for one in self.experiments.values() if one.role == role]
        return [(one.name, seed) for one in experiments for seed in one.seeds]

    def earlier_checkpoints(self, experiment: str) -> list[str]:
        """Give the checkpoints of other runs of the sheet that an experiment begins with or learns from."""
        found = earlier_runs(
            self.experiments[experiment], hydra=Path(self.config["hydra"]), results=self.results
        )
        return [
            f"{self.results}/runs/{name}/seed-{seed}/checkpoint.ckpt"
            for name, seed in found
            if name in self.experiments and seed in self.experiments[name].seeds
        ]

    @property
    def ensembles(self) -> list[str]:
        """Experiments whose seeds are scored together too: models of two seeds or more."""
        models = [one for one in self.experiments.values() if one.role == "model" and len(one.seeds) > 1]
        return [one.name for one in models] if self.config["ensembles"] else []

    @property
    def mixtures(self) -> dict[str, list[str]]:
        """Names of further ensembles, and the experiments that each is made of."""
        return self.config["mixtures"]

    def members(self, ensemble: str) -> list[tuple[str, int]]:
        """Give experiment and seed of every run of an ensemble: of an experiment, or of a mixture."""
        names = self.mixtures.get(ensemble, [ensemble])
        return [(name, seed) for name in names for seed in self.experiments[name].seeds]

    def batches(self, sample: str) -> int:
        """Count the region batches of a sample: those of the contigs that its splits use."""
        return len(sample_batches(self.contigs, self.splits, sample, self.config["region_batch"]))

    def depths(self, sample: str) -> list[str]:
        """Give the nominal depths of a sample: its own, else those of its split, else full."""
        depths = self.config["depths"]
        split = next((name for name in self.splits.names if sample in self.splits.samples(name)), "")
        return [_depth(depth) for depth in depths.get(sample, depths.get(split, ["full"]))]

    def documents(self) -> dict[str, str]:
        """Give what each kind of job is told, as JSON on one line, by name.

        ``examples.SAMPLE`` holds the facts of one sample alone, so that another sample's facts leave its
        examples as they are; ``dataset`` is read by collect, ``scoring`` by evaluate, ``sweeps`` by compare.
        """
        shared = {key: self.config[key] for key in _EXAMPLE_KEYS}
        dataset = shared | {"splits": self.splits.as_dict()} | self._facts(self.split_samples)
        dataset |= self._named("examples") | privacy_facts(self.config)
        told = {f"examples.{name}": self._alone(name) for name in self.split_samples}
        told["dataset"] = dataset | {key: self.config[key] for key in _SHARD_KEYS}
        told["scoring"] = (
            dataset | {"evaluation": self.config["evaluation"]} | self._named("examples", "evaluate")
        )
        if self.sweeps:
            told["sweeps"] = {name: asdict(sweep) for name, sweep in self.sweeps.items()}
        return {name: json.dumps(content, sort_keys=True) for name, content in told.items()}

    def _alone(self, name: str) -> dict[str, Any]:
        splits = {
            split: {"samples": [name], "contigs": list(self.splits.contigs(split))}
            for split in self.splits.names
            if name in self.splits.samples(split)
        }
        shared = {key: self.config[key] for key in _EXAMPLE_KEYS}
        encrypted = {"privacy": {"encrypted": True}} if self._private("encrypt") else {}
        return shared | {"splits": splits} | self._facts([name]) | self._named("examples") | encrypted

    def _named(self, *stages: str) -> dict[str, Any]:
        """Give the files that some stages read; nothing where there are none."""
        files = self.files(*stages)
        return {"files": files} if files else {}

    def _facts(self, names: list[str]) -> dict[str, Any]:
        return {
            "depths": {name: self.depths(name) for name in names},
            "samples": {name: self._labels(name) for name in names},
        }

    def files(self, *stages: str) -> dict[str, str]:
        """Give the files of the dataset that some stages read, by name."""
        of_stage = self.application.files
        return {name: path for name, path in self.config["files"].items() if of_stage[name] in stages}

    @property
    def predicted_places(self) -> list[str]:
        """Give the file of the places that a prediction from sequence is made for, where there is one."""
        named = self.application.predicted
        return [self.config["files"][named]] if named in self.config["files"] else []

    @property
    def prediction_endings(self) -> tuple[str, ...]:
        """Endings of the files of a prediction."""
        options = example_options(self.application, self.config["options"], source="options")
        return self.application.endings(options)

    def predicted_contigs(self, name: str) -> list[str]:
        """Give the contigs of a prediction from sequence: those of a split, or all."""
        return list(self.contigs if name == WHOLE else self.splits.contigs(name))

    def asked_files(self, kind: str, name: str) -> list[str]:
        """Give the files of an entry of ``explain`` or ``effects``."""
        return asked_files(self.config, kind, name)

    def asked_options(self, kind: str, name: str) -> list[str]:
        """Give an entry of ``explain`` or ``effects`` as options of that verb."""
        return asked_options(self.config, kind, name, manifest=f"{self.results}/dataset/manifest.json")

    def ranked_runs(self, name: str) -> list[str]:
        """Give the folders of the runs that an entry of ``rank`` ranks with."""
        experiment = self.experiments[self.config["rank"][name]["experiment"]]
        return [f"{self.results}/runs/{experiment.name}/seed-{seed}" for seed in experiment.seeds]

    def ranked_scores(self, name: str) -> list[str]:
        """Give the metrics of what an entry of ``rank`` ranks with: the ensemble, or the only run."""
        runs = self.ranked_runs(name)
        experiment = self.config["rank"][name]["experiment"]
        return [f"{runs[0] if len(runs) == 1 else f'{self.results}/ensembles/{experiment}'}/metrics.json"]

    def ranked_files(self, name: str) -> list[str]:
        """Give the files of an entry of ``rank``."""
        return ranked_files(self.config["rank"][name])

    def ranked_options(self, name: str) -> list[str]:
        """Give an entry of ``rank`` as options of that verb."""
        return ranked_options(self.config["rank"][name])

    def tracking_uri(self) -> str:
        """Give the address of the tracking store; the environment goes before the configuration."""
        default = f"sqlite:///{self.results}/mlflow.db"
        return os.environ.get("MLFLOW_TRACKING_URI") or self.config["tracking"]["uri"] or default

    @property
    def identifiers(self) -> list[str]:
        """Give the list of identifiers that are looked for in the end, where there is one."""
        path = self._private("identifiers")
        return [path] if path else []

    @property
    def privacy_options(self) -> str:
        """Give what `seqmill profiles` is told of privacy."""
        return " ".join(f"--{key}" for key in ("pseudonyms", "encrypt") if self._private(key))

    @property
    def pseudonymous(self) -> bool:
        """Whether samples have pseudonyms."""
        return bool(self._private("pseudonyms"))

    @property
    def merges_tracking(self) -> bool:
        """Whether each run writes a store of its own, and all are copied into the common one afterwards."""
        return self.config["tracking"]["mode"] == "merged"

    def run_tracking_uri(self, experiment: str, seed: int | str) -> str:
        """Give the address of the store that one run writes."""
        if not self.merges_tracking:
            return self.tracking_uri()
        return f"sqlite:///{self.results}/runs/{experiment}/seed-{seed}/tracking/mlflow.db"

    def tracking_experiment(self) -> str:
        """Give the name of the MLflow experiment."""
        return self.config["tracking"]["experiment"] or self.config["dataset"]

    def _labels(self, name: str) -> dict[str, str | None]:
        sample = self.samples[name]
        consent = {"consent": sample.consent} if self._private("consent") else {}
        return {**sample.labels, "condition": sample.condition, **consent}

    def _private(self, key: str) -> Any:
        return (self.config["privacy"] or {}).get(key)


def load_plan(config: Mapping[str, Any], *, schemas: Path, source: str, addresses: Addresses) -> Plan:
    """Check a configuration and its sheets and give the plan.

    Parameters
    ----------
    config : mapping
        Content of config.yaml; paths are relative to the working directory.
    schemas : Path
        Folder of the JSON schemas.
    source : str
        Name of the configuration, for messages.
    addresses : Addresses
        Gives the copies of input files that are named by an address.

    Raises
    ------
    ConfigErrors
        With every mistake of the configuration, both sheets and their relations at once.
    """
    schema = load_schema(schemas, "config")
    problems = schema_problems(config, schema)
    if problems:
        raise ConfigErrors(source, problems + _sheet_problems(config, schemas))
    full = with_defaults(config, schema)
    unset: list[str] = []
    full |= {key: expanded(full[key], unset, where=key) for key in _PATHS}
    samples, experiments, sweeps, problems = _sheets(full, schemas)
    problems += unset
    contigs, found = _contigs(full, addresses)
    problems += found
    raw = Path(f"results/{full['dataset']}/raw")
    problems += missing_files(samples, generated=raw if full["simulate"] or full["pack"] else None)
    problems += cross_problems(full, samples, contigs)
    problems += cycle_problems(
        experiments,
        hydra=Path(full["hydra"]),
        results=f"results/{full['dataset']}",
        source=full["experiments"],
    )
    problems += federated_problems(full, experiments)
    problems += mixture_problems(full["mixtures"], experiments)
    problems += privacy_problems(full, samples)
    problems += ranking_problems(full, experiments, _application_of(full["application"]))
    for key in ("reference", "rename_contigs"):
        full[key] = full[key] and addresses.copy_of(full[key], where=key)
    full["files"] = {
        name: addresses.copy_of(path, where=f"files.{name}") for name, path in full["files"].items()
    }
    full |= with_copies(full, addresses.copy_of)
    samples = {name: sample.renamed(addresses.copies_for(name)) for name, sample in samples.items()}
    problems += addresses.problems
    if problems:
        raise ConfigErrors(source, problems)
    full["region_batch"] = full["region_batch"] or region_batch(contigs)
    delivered: dict[str, str] = {}
    if full["privacy"] and full["privacy"]["pseudonyms"]:
        full, samples, delivered = under_pseudonyms(full, samples)
    return Plan(
        config=full,
        samples=samples,
        experiments=experiments,
        sweeps=sweeps,
        contigs=contigs,
        splits=Splits(full["splits"]),
        delivered=delivered,
    )


def _contigs(config: Mapping[str, Any], addresses: Addresses) -> tuple[dict[str, int], list[str]]:
    reference = config["reference"]
    made = {key: config[key] for key in ("simulate", "pack", "profiles")}
    if not is_address(reference):
        return reference_contigs(reference, **made)
    index = addresses.index_of(reference)
    return reference_contigs(reference, **made, index=index) if index else ({}, [])


def _sheets(
    config: Mapping[str, Any], schemas: Path
) -> tuple[dict[str, Sample], dict[str, Experiment], dict[str, Sweep], list[str]]:
    hydra = Path(config["hydra"])
    application = _application_of(config["application"])
    labels = application.labels if application else None
    samples, problems = read_samples(
        Path(config["samples"]), load_schema(schemas, "samples"), labels, rows=bool(config.get("profiles"))
    )
    experiments, found = read_experiments(
        Path(config["experiments"]), load_schema(schemas, "experiments"), hydra=hydra
    )
    problems += found
    if not config["sweeps"]:
        return samples, experiments, {}, problems
    file = Path(config["sweeps"])
    sweeps, trials, found = read_sweeps(file, load_schema(schemas, "sweeps"), hydra=hydra)
    clashing = sorted(set(trials) & set(experiments))
    problems += found + [
        f"{file}: the trial '{name}' has the name of an experiment of {config['experiments']}; "
        "rename the sweep"
        for name in clashing
    ]
    return samples, experiments | trials, sweeps, problems


def _application_of(name: str) -> Application | None:
    """Give the application; None when there is no such one, which is told elsewhere."""
    try:
        return find_application(name)
    except InputError:
        return None


def _sheet_problems(config: Mapping[str, Any], schemas: Path) -> list[str]:
    """Check what can be checked of the sheets although the configuration itself is wrong."""
    if not all(isinstance(config.get(key), str) for key in ("samples", "experiments", "application")):
        return []
    hydra = config.get("hydra") if isinstance(config.get("hydra"), str) else "config/hydra"
    sweeps = config.get("sweeps") if isinstance(config.get("sweeps"), str) else None
    return _sheets({**config, "hydra": hydra, "sweeps": sweeps}, schemas)[3]


def _depth(depth: str | float) -> str:
    return depth if isinstance(depth, str) else f"{depth:g}"
