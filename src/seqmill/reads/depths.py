"""Nominal depths: the share of a sample's read pairs that brings it down to one."""

from seqmill.errors import InputError

FULL = "full"


def keep_fraction(depth: str, mean_depth: float, sample: str) -> float:
    """Give the share of read pairs that brings a sample down to a nominal depth.

    Parameters
    ----------
    depth : str
        ``full``, or the mean coverage wanted, such as ``10``.
    mean_depth : float
        Mean coverage measured, as in the read report.
    sample : str
        Name of the sample, for the message.

    Raises
    ------
    InputError
        When the sample is shallower than the depth asked for, beyond a tenth.
    """
    if depth == FULL:
        return 1.0
    wanted = float(depth)
    if wanted > 1.1 * mean_depth:
        raise InputError(
            f"sample {sample}: depth {depth} asked for, mean depth {mean_depth:.1f} measured; "
            "ask for less under 'depths' in the config"
        )
    return min(1.0, wanted / mean_depth)
