"""Tell every base of a genome from those around it: a bigWig of how well each is told."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.applications.masked_bases.masks import EVERY
from seqmill.applications.masked_bases.spec import Options
from seqmill.applications.scoring import SequenceJob
from seqmill.errors import InputError
from seqmill.files import atomic_path
from seqmill.genome.reference import Reference, codes_over
from seqmill.progress import progress

ENDING = ".bw"

Floats = npt.NDArray[np.float64]


def predict(job: SequenceJob) -> None:
    """Write the binary logarithm of the probability of each base, told while it and each seventh are hidden.

    Unknown bases have no value.

    Raises
    ------
    InputError
        When the output is to have another format, or the regions do not fit the reference.
    """
    import pyBigWig

    if not job.output.name.endswith(ENDING):
        raise InputError(f"{job.output}: found another ending, wanted {ENDING}")
    with Reference(job.reference) as reference, atomic_path(Path(job.output)) as aside:
        asked = job.asked(reference)
        lengths = [(name, reference.contigs[name]) for name in reference.contigs if name in asked.contigs]
        handle = pyBigWig.open(str(aside), "w")
        handle.addHeader(lengths)
        with progress(total=asked.size, desc="predict", unit="bp") as bar:
            for region in asked:
                for start, logs in _told(job, reference, region.contig, region.start, region.end):
                    known = np.flatnonzero(~np.isnan(logs))
                    if len(known):
                        handle.addEntries(
                            region.contig, (start + known).tolist(), values=logs[known].tolist(), span=1
                        )
                    bar.update(len(logs))
        handle.close()


def _told(
    job: SequenceJob, reference: Reference, contig: str, start: int, end: int
) -> Iterator[tuple[int, Floats]]:
    """Give stretches of a region: the first base, and the binary logarithm of each base's probability."""
    options: Options = job.options
    for first in range(start, end, options.span):
        codes = codes_over(reference, contig, first - options.flank, first + options.span + options.flank)
        outputs = job.predict(
            {
                "sequence": np.repeat(codes[None], EVERY, axis=0),
                "example_id": np.arange(EVERY, dtype=np.uint64),  # an id says by its remainder what is hidden
            }
        )
        places = len([name for name in outputs if name.startswith("log_likelihood_")])
        logs = np.stack([outputs[f"log_likelihood_{at}"] for at in range(places)], axis=0).reshape(-1)
        yield first, (logs / np.log(2))[: min(options.span, end - first)].astype(np.float64)
