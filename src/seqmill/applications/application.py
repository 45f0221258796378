"""What an application tells the frame about itself, and how the frame finds it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqmill.errors import InputError, nearest

if TYPE_CHECKING:
    import pyarrow as pa

    from seqmill.genome.intervals import Interval
    from seqmill.genome.splits import Splits
    from seqmill.shards.schema import Encoding

GROUP = "seqmill.applications"


@dataclass(frozen=True, kw_only=True)
class Network:
    """A network an application offers.

    Attributes
    ----------
    build : str
        ``module:callable``; called with the encoding and an instance of `options`, gives a
        ``torch.nn.Module``.
    options : str
        ``module:dataclass`` of the network's typed options.
    kind : str
        The family shown in reports, such as ``CNN`` or ``RNN``.
    """

    build: str
    options: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class ExamplesJob:
    """One sample's reads over one batch of regions.

    Attributes
    ----------
    sample : str
        Name of the sample.
    alignments, reference : Path
        Indexed BAM, CRAM, fragments or table of regions, and the FASTA they belong to.
    intervals : tuple of Interval
        The regions of this job, 0-based half-open.
    splits : Splits or None
        Which split a (sample, contig) belongs to; None when predicting.
    labels : mapping
        Column of the sample sheet -> file, of those in `Application.labels`; empty when predicting.
    files : mapping
        Name -> file, of those in `Application.files` that examples are made from.
    depths : tuple of str
        Nominal depths to encode: ``full`` or a mean coverage such as ``10``.
    mean_depth : float
        Measured mean coverage of the alignments, in reads over a base.
    contig_depth : mapping
        Contig -> measured median coverage, in reads over a base; empty where nothing was measured.
    seed : int
        Seed of the down-sampling and of the choice of reads above the row limit.
    options : Any
        Instance of the application's options dataclass.
    condition : str
        The sample's, as the sheet tells it; empty when predicting.
    """

    sample: str
    alignments: Path
    reference: Path
    intervals: "tuple[Interval, ...]"
    splits: "Splits | None"
    labels: Mapping[str, Path] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)
    depths: tuple[str, ...] = ("full",)
    mean_depth: float = 0.0
    contig_depth: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    options: Any = None
    condition: str = ""


@dataclass
class LabelReport:
    """What labelling found, summed over jobs: counts by name, and by (split, class)."""

    counts: dict[str, int] = field(default_factory=dict)
    classes: dict[str, dict[str, int]] = field(default_factory=dict)

    def count(self, name: str, n: int = 1) -> None:
        """Add `n` to the counter `name`, such as ``truth_reached`` or ``truth_missed.no_candidate``."""
        self.counts[name] = self.counts.get(name, 0) + int(n)

    def label(self, split: str, label: str, n: int = 1) -> None:
        """Add `n` examples of class `label` to a split."""
        of_split = self.classes.setdefault(split, {})
        of_split[label] = of_split.get(label, 0) + int(n)


def _no_tracks(options: Any) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Application:
    """The entry of an application; heavy parts are named as ``module:attribute`` and loaded when used.

    Attributes
    ----------
    name, title : str
        Name on the command line and in configs; title in reports.
    options : type
        Frozen dataclass of the typed example options, with defaults.
    encoding : callable
        Options -> `Encoding` of the shards.
    label : str
        Name of the label column; empty where an example has no single class.
    classes : tuple of str
        Names of the label's classes, by value. Without classes, outputs of the task are scored as they come:
        no temperature is fitted to them, and an ensemble is their mean.
    labelled : callable, optional
        Example options, by name -> `label` and `classes`, for an application whose options decide them.
    labels : tuple of str
        Columns of the sample sheet that name the files of labels, beyond those that every sheet has.
    files : mapping
        Name of a file of the dataset, given in the configuration under ``files`` -> the stage that reads it,
        ``examples`` or ``evaluate``. All are optional.
    reads : tuple of str
        What a sample's reads may be: ``alignments`` (FASTQ, BAM or CRAM), ``fragments``, ``regions``: a
        table of labelled regions, which stands for reads; ``rows``: labelled rows about profiles or
        molecules, see `seqmill.profiles`. Such an application's task is a
        `seqmill.applications.profiled.task.ProfiledTask`.
    peaks_of : str
        Option that lists what called peaks may be of, such as ``factors``. With it, examples are made from
        the peaks of samples that give alignments; the sheet's ``factor`` of a sample is a column of its
        table. Empty where no peaks are called.
    thins : bool
        Whether examples can be made at lower depths than the measured one.
    exports : tuple of str
        Files that scoring writes where a single sample at a single depth is tested.
    predicts : str
        What a new prediction is made of: ``reads`` of a sample, or ``sequence`` alone.
    predicted : str
        One of `files`, such as an annotation, whose places are what the workflow predicts from sequence, on
        the contigs that are asked for; empty where the contigs themselves are.
    prediction : tuple of str
        Endings of the files of a prediction, such as ``.vcf.gz`` and ``.vcf.gz.tbi``; the first is asked for.
    tracks : callable
        Options -> names of conditions whose samples have an output each, and whose predictions are a file
        each, ``NAME.TRACK.bw`` where ``NAME.bw`` is asked for; none where one output stands for all samples.
    networks : mapping
        Network name -> `Network`.
    augmentation : str
        ``module:dataclass`` of the typed augmentation options.
    examples : str
        ``module:callable`` (ExamplesJob, LabelReport) -> iterator of record batches in the encoding's schema.
    task : str
        ``module:callable`` of keyword arguments ``network`` (module), ``encoding``, ``run`` (the composed
        RunConfig), ``label_counts`` (class -> examples in training) -> LightningModule. It takes batches
        as dictionaries of tensors as the loader gives arrays. Its training loss is the mean over the batch
        by the column ``weight``; it logs ``validation_loss`` with `seqmill.models.means.log_mean`, and its
        ``predict_step`` gives a dictionary of tensors, one row an example.
    evaluate : str
        ``module:callable`` that turns predictions into scored items, calls and curves.
    predict : str
        ``module:callable`` from a checkpoint and a new sample to the field's file format; it gives the files
        that it wrote where they are others than the one asked for.
    baselines : mapping
        Baseline name -> ``module:callable`` that calls and scores it on the same items.
    sequence : str
        ``module:callable`` from the trained task to a ``torch.nn.Module`` that maps one-hot DNA, float32
        (N, 4, L) in the order A, C, G, T, to (N, outputs), with the attributes of
        `seqmill.applications.sequence.SequenceModel`; empty where examples are no DNA.
    profile : str
        ``module:callable`` from the trained task, a `seqmill.applications.profiled.task.ProfiledTask`, to a
        function from the inputs of profiles, float32 (N, width), to what is said of each, (N,); empty where
        no single number is said of a profile.
    bounds : tuple of str
        Baselines that show what can be reached, from above or by chance, and are nobody's rivals.
    losses : tuple of str
        What ``trainer.loss`` may be beside ``standard``; see `seqmill.models.robust`.
    losses_under : callable, optional
        Example options, by name -> those of `losses` that serve under them, for an application whose options
        decide.
    """

    name: str
    title: str
    options: type
    encoding: "Callable[[Any], Encoding]"
    label: str
    classes: tuple[str, ...]
    networks: Mapping[str, Network]
    augmentation: str
    examples: str
    task: str
    evaluate: str
    predict: str
    prediction: tuple[str, ...] = ()
    tracks: Callable[[Any], tuple[str, ...]] = _no_tracks
    baselines: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    reads: tuple[str, ...] = ("alignments",)
    peaks_of: str = ""
    thins: bool = False
    exports: tuple[str, ...] = ()
    labelled: "Callable[[Mapping[str, Any]], tuple[str, tuple[str, ...]]] | None" = None
    losses_under: "Callable[[Mapping[str, Any]], tuple[str, ...]] | None" = None
    sequence: str = ""
    profile: str = ""
    predicts: str = "reads"
    predicted: str = ""

    def endings(self, options: Any) -> tuple[str, ...]:
        """Give the endings of the files of a prediction: those of every track where there are tracks."""
        names = self.tracks(options)
        return tuple(f".{name}{ending}" for name in names for ending in self.prediction) or self.prediction

    def load(self, part: str) -> Any:
        """Import what one of the ``module:attribute`` fields names."""
        return load_object(getattr(self, part))

    def under(self, options: Mapping[str, Any]) -> "Application":
        """Give the application with the label, classes and losses that it has under some example options."""
        told: dict[str, Any] = {}
        if self.labelled is not None:
            told["label"], told["classes"] = self.labelled(options)
        if self.losses_under is not None:
            told["losses"] = self.losses_under(options)
        return replace(self, **told) if told else self

    def network(self, name: str) -> Network:
        """Give the network called `name`.

        Raises
        ------
        InputError
            When the application offers no such network.
        """
        if name not in self.networks:
            offered = ", ".join(sorted(self.networks))
            raise InputError(
                f"model.name: '{name}' is no network of {self.name}{nearest(name, self.networks)}; "
                f"choose one of: {offered}"
            )
        return self.networks[name]


def load_object(path: str) -> Any:
    """Import ``module:attribute``."""
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)


def find_application(name: str) -> Application:
    """Load the application that an installed package registers as `name`.

    Raises
    ------
    InputError
        When no installed package registers it.
    """
    found = {point.name: point for point in entry_points(group=GROUP)}
    if name not in found:
        raise InputError(
            f"application: '{name}' is not installed{nearest(name, found)}; "
            f"choose one of: {', '.join(sorted(found))}"
        )
    return found[name].load()


def record_batches(
    application: Application, job: ExamplesJob, report: LabelReport
) -> "Iterator[pa.RecordBatch]":
    """Stream the examples of one job."""
    return application.load("examples")(job, report)
