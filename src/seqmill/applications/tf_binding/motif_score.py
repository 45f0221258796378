"""The baseline that the field uses: the highest score of a factor's known motif in a window."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from seqmill.applications.scoring import ScoreJob
from seqmill.applications.tf_binding.evaluate import BindingScorer, job_options
from seqmill.applications.tf_binding.motifs import motifs_of
from seqmill.applications.tf_binding.spec import BOUND, UNKNOWN
from seqmill.errors import InputError
from seqmill.genome.motif import Motif
from seqmill.genome.scan import best_scores

_EVEN = np.full(4, 0.25)
_LOWEST = -1e3  # of a window in which no place is known

Codes = npt.NDArray[np.uint8]


def motif_score(job: ScoreJob) -> BindingScorer:
    """Score by the highest log-odds of a factor's motif on either strand, in bits, against even bases.

    Of several motifs of a factor the one counts that ranks validation best.

    Raises
    ------
    InputError
        When the configuration names no motifs, or the file has none of a factor.
    """
    given = job.plan.get("files", {}).get("motifs")
    if given is None:
        raise InputError(
            "files.motifs: not given, but the baseline motif_score needs it; name motifs in MEME format in "
            "config.yaml, or take the baseline out"
        )
    motifs = motifs_of(Path(given), job_options(job).factors)
    _, held = job.read("validation", ["bound", "sequence"])
    _, asked = job.read(job.split, ["sequence"])
    columns = []
    for factor, of_factor in enumerate(motifs.values()):
        chosen = of_factor[0]
        if len(of_factor) > 1:
            bound = held["bound"][:, factor]
            known = bound != UNKNOWN
            ranks = [area(_best(held["sequence"][known], one), bound[known] == BOUND) for one in of_factor]
            chosen = of_factor[int(np.argmax(ranks))]
        columns.append(_best(asked["sequence"], chosen))
    return BindingScorer(job, np.stack(columns, axis=1))


def area(scores: npt.NDArray[np.floating], labels: npt.NDArray[np.bool_]) -> float:
    """Give the area under the ROC curve; ties count half, and it is 0 where all labels are alike."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(labels, scores)) if 0 < labels.sum() < len(labels) else 0.0


def _best(codes: Codes, motif: Motif) -> npt.NDArray[np.float64]:
    return np.maximum(best_scores(codes, motif, _EVEN), _LOWEST)
