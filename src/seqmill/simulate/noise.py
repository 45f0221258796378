"""Error models of the sequencing machine and of the library behind it."""

from dataclasses import dataclass, field, replace

import numpy as np

from seqmill.errors import InputError, nearest

MAX_QUALITY = 41


@dataclass(frozen=True)
class RepeatSlippage:
    """How often a fragment gains or loses a unit of a tandem repeat while the library is copied.

    Attributes
    ----------
    unit : int
        Unit length in bp: 1 for homopolymers, 2 for dinucleotide repeats.
    shape : str
        ``"power"``: ``scale * base ** (copies - centre)``. ``"logistic"``:
        ``scale / (1 + exp(-(copies - centre) / width))``. Copies are those of the true molecule.
    scale, centre, base, width : float
        Parameters of the shape.
    fewest : int
        Repeats with fewer copies than this never slip.
    contraction : float
        Share of the slips that lose a unit.
    two_units : float
        Share of the slips that change the repeat by two units and not one.
    """

    unit: int
    shape: str
    scale: float
    centre: float
    base: float = 1.0
    width: float = 1.0
    fewest: int = 4
    contraction: float = 0.5
    two_units: float = 0.0

    def probability(self, copies: np.ndarray) -> np.ndarray:
        """Give the slip probability of repeats with `copies` units, float64, at most 0.5."""
        copies = np.asarray(copies, np.float64)
        if self.shape == "power":
            chance = self.scale * self.base ** (copies - self.centre)
        else:
            chance = self.scale / (1.0 + np.exp(-(copies - self.centre) / self.width))
        return np.where(copies >= self.fewest, np.minimum(chance, 0.5), 0.0)


@dataclass(frozen=True)
class ErrorModel:
    """What goes wrong between a molecule and its pair of reads.

    The true quality of a base is ``mean(cycle) + read offset + autocorrelated noise``, now and then a dip;
    a base is substituted with probability ``10 ** (-quality / 10)``. What the FASTQ shows is that quality
    after `bins`. Slips and copying errors belong to the fragment: both mates and all duplicates share them,
    and no quality tells of them.

    Attributes
    ----------
    first, last : tuple of float
        Mean quality in the first and last cycle, for mate 1 and mate 2.
    decay : float
        Exponent of the fall from first to last over the read: 1 a line, larger later and steeper.
    read_sd, base_sd, memory : float
        Standard deviation between reads and within a read (Phred), and the lag-1 correlation within a read.
    dip_rate, dip_depth : float
        Share of isolated poor bases, and how many Phred units they lose.
    bins : tuple of (int, int, int)
        ``(lowest, highest, shown)`` for machines that show few distinct qualities; empty shows all.
    insertion_rate, deletion_rate : float
        Sequencing indels per base, outside of slippage.
    copying_rate : float
        Substitutions per base of the fragment made by the polymerase before sequencing.
    transition_share : float
        Share of transitions among copying errors.
    slippage : tuple of RepeatSlippage
        Stutter at tandem repeats.
    duplicate_rate : float
        Share of extra pairs that copy another pair's fragment.
    """

    first: tuple[float, float]
    last: tuple[float, float]
    decay: float = 2.0
    read_sd: float = 1.5
    base_sd: float = 2.5
    memory: float = 0.6
    dip_rate: float = 0.01
    dip_depth: float = 18.0
    bins: tuple[tuple[int, int, int], ...] = ()
    insertion_rate: float = 4e-5
    deletion_rate: float = 8e-5
    copying_rate: float = 0.0
    transition_share: float = 0.33
    slippage: tuple[RepeatSlippage, ...] = field(default=())
    duplicate_rate: float = 0.03

    def mean_quality(self, length: int) -> np.ndarray:
        """Give the mean quality of each mate and cycle, float32 [2, length]."""
        along = np.linspace(0.0, 1.0, length) ** self.decay
        first, last = np.array(self.first)[:, None], np.array(self.last)[:, None]
        return (first + (last - first) * along).astype(np.float32)

    def shown_quality(self) -> np.ndarray:
        """Give what the FASTQ shows for each true quality, uint8 [MAX_QUALITY + 1]."""
        shown = np.arange(MAX_QUALITY + 1, dtype=np.uint8)
        for lowest, highest, value in self.bins:
            shown[lowest : highest + 1] = value
        return shown


_CLEAN = ErrorModel(first=(37.0, 36.0), last=(32.0, 28.5), dip_rate=0.015)

_BINNED = replace(
    _CLEAN,
    first=(38.0, 37.0),
    last=(33.0, 30.0),
    decay=1.5,
    dip_rate=0.02,
    bins=((0, 6, 2), (7, 17, 12), (18, 29, 23), (30, MAX_QUALITY, 37)),
    duplicate_rate=0.06,
)

_STUTTER = replace(
    _CLEAN,
    first=(33.0, 32.0),
    last=(28.0, 24.5),
    slippage=(RepeatSlippage(unit=1, shape="power", scale=0.003, base=1.4, centre=6.0),),
    duplicate_rate=0.05,
)

_STUTTER_MILD = replace(
    _CLEAN,
    first=(35.0, 34.0),
    last=(30.0, 26.0),
    slippage=(RepeatSlippage(unit=1, shape="power", scale=0.0015, base=1.4, centre=6.0, contraction=0.65),),
    duplicate_rate=0.04,
)

_STUTTER_STRONG = replace(
    _CLEAN,
    first=(32.0, 31.0),
    last=(27.0, 23.5),
    slippage=(
        RepeatSlippage(
            unit=1, shape="power", scale=0.006, base=1.3, centre=6.0, contraction=0.4, two_units=0.1
        ),
    ),
    duplicate_rate=0.1,
)

_STUTTER_SHORT_UNITS = replace(
    _CLEAN,
    first=(34.0, 33.0),
    last=(29.0, 25.5),
    slippage=(
        RepeatSlippage(unit=1, shape="power", scale=0.002, base=1.45, centre=6.0, contraction=0.75),
        RepeatSlippage(unit=2, shape="power", scale=0.003, base=1.5, centre=5.0, contraction=0.7),
    ),
    duplicate_rate=0.06,
)

_POLYMERASE = ErrorModel(
    first=(33.0, 32.0),
    last=(22.0, 19.5),
    decay=4.0,
    read_sd=2.5,
    base_sd=2.0,
    memory=0.8,
    dip_rate=0.005,
    copying_rate=1e-4,
    transition_share=0.8,
    slippage=(
        RepeatSlippage(
            unit=1, shape="logistic", scale=0.25, centre=16.0, width=2.2, contraction=0.8, two_units=0.1
        ),
        RepeatSlippage(
            unit=2, shape="logistic", scale=0.15, centre=12.0, width=2.0, contraction=0.8, two_units=0.1
        ),
    ),
    duplicate_rate=0.08,
)

ERROR_MODELS: dict[str, ErrorModel] = {
    "clean": _CLEAN,
    "binned": _BINNED,
    "stutter": _STUTTER,
    "stutter_mild": _STUTTER_MILD,
    "stutter_strong": _STUTTER_STRONG,
    "stutter_short_units": _STUTTER_SHORT_UNITS,
    "polymerase": _POLYMERASE,
}


def error_model(name: str) -> ErrorModel:
    """Give the preset called `name`.

    ``clean`` has a quality by cycle as of a HiSeq 2500, ``binned`` four distinct qualities as of a NovaSeq,
    ``stutter`` 4 Phred units less than clean and homopolymer slips that grow by 1.4 with each base, as often
    longer as shorter; ``stutter_mild`` has half and ``stutter_strong`` twice as many, with other shares of
    contractions and other qualities; ``stutter_short_units`` slips at dinucleotide repeats too, mostly
    shorter. ``polymerase`` is as noisy as ``stutter`` in other ways: slips that
    level off in the run length, at dinucleotide repeats too, four in five of them contractions; a quality
    that holds and then falls steeply; substitutions with good qualities, made while copying.

    Raises
    ------
    InputError
        When there is no such preset.
    """
    if name not in ERROR_MODELS:
        known = ", ".join(ERROR_MODELS)
        raise InputError(f"error model {name!r} is unknown{nearest(name, ERROR_MODELS)}; give one of {known}")
    return ERROR_MODELS[name]
