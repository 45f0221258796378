"""Networks from profile to risk."""

from seqmill.applications.profiled.components import input_layouts
from seqmill.models.blocks import width_of
from seqmill.models.profile_mlp import ProfileMLP, ProfileMLPOptions
from seqmill.shards.schema import Encoding


def profile_mlp(encoding: Encoding, options: ProfileMLPOptions) -> ProfileMLP:
    """Build a perceptron over all blocks of a profile, and components; gives one output."""
    return ProfileMLP(options, width=width_of(input_layouts(encoding)["profiles"]))
