"""Networks from a window of DNA to a logit for each factor."""

from seqmill.applications.tf_binding.options import SiteCNNOptions, SiteGRUOptions
from seqmill.models.windows import WindowNetwork, window_cnn, window_gru
from seqmill.shards.schema import Encoding


def binding_cnn(encoding: Encoding, options: SiteCNNOptions) -> WindowNetwork:
    """Build the CNN."""
    return window_cnn(options, length=encoding.options["window"], outputs=len(encoding.options["factors"]))


def binding_gru(encoding: Encoding, options: SiteGRUOptions) -> WindowNetwork:
    """Build the recurrent network."""
    return window_gru(options, length=encoding.options["window"], outputs=len(encoding.options["factors"]))
