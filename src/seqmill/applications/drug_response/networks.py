"""Networks from profile and molecule to response."""

from seqmill.models.blocks import width_of
from seqmill.models.two_tower import TwoTowerOptions, TwoTowers
from seqmill.shards.schema import Encoding


def two_tower(encoding: Encoding, options: TwoTowerOptions) -> TwoTowers:
    """Build the perceptrons of profile and molecule and their head; gives one output."""
    return TwoTowers(
        options, left=width_of(encoding.tables["profiles"]), right=width_of(encoding.tables["molecules"])
    )
