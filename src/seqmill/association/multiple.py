"""Many tests at once: inflation, and what is left of p values."""

import numpy as np

from seqmill.association.null import Values


def genomic_control(chi2: Values) -> float:
    """Give the median of the statistics over that of chance (Devlin and Roeder 1999), the inflation."""
    from scipy.stats import chi2 as distribution

    return float(np.nanmedian(chi2) / distribution.median(1))


def controlled(chi2: Values, inflation: float) -> Values:
    """Give p values of statistics divided by the inflation factor where that is more than 1."""
    from scipy.stats import chi2 as distribution

    return distribution.sf(chi2 / max(inflation, 1.0), 1)


def bonferroni(p: Values) -> Values:
    """Give p values times the number of tests, 1 at most; nan is no test."""
    return np.minimum(p * np.isfinite(p).sum(), 1.0)


def benjamini_hochberg(p: Values) -> Values:
    """Give the lowest false discovery rate at which each is found (Benjamini and Hochberg 1995)."""
    from scipy.stats import false_discovery_control

    found = np.full(len(p), np.nan)
    there = np.isfinite(p)
    if there.any():
        found[there] = false_discovery_control(p[there])
    return found
