"""How much better than chance, and than other rankings, a ranking is."""

import numpy as np
import pandas as pd

from seqmill.evaluation.bootstrap import resample
from seqmill.evaluation.metrics import estimated
from seqmill.shards.order import example_id


def enrichment_metrics(found: pd.DataFrame, *, of: str, against: tuple[str, ...]) -> list[dict[str, object]]:
    """Give mean enrichments with bootstrap intervals over samples, and paired differences.

    Parameters
    ----------
    found : DataFrame
        As `enrichments` gives it.
    of, against : str, tuple of str
        The ranking, and those that it is compared with.
    """
    if found.empty:
        return []
    items = pd.DataFrame({"item": [example_id(name) for name in found["sample"]]}, dtype=np.uint64)
    for name in (of, *against):
        items[f"value_{name}"] = found[name]
    for name in against:
        items[f"value_{of}_minus_{name}"] = found[of] - found[name]
    return [
        estimated(f"top_decile_enrichment.{name}", drawn.interval())
        for (name, _), drawn in resample(items).items()
    ]
