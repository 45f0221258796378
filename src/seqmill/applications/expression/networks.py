"""Networks from a promoter's DNA to its level."""

from seqmill.applications.expression.spec import Options
from seqmill.models.windows import (
    WindowCNNOptions,
    WindowGRUOptions,
    WindowNetwork,
    window_cnn,
    window_gru,
)
from seqmill.shards.schema import Encoding


def promoter_cnn(encoding: Encoding, options: WindowCNNOptions) -> WindowNetwork:
    """Build the dilated CNN with a pooled and positional reading; gives one output."""
    return window_cnn(options, length=Options(**encoding.options).width, outputs=1)


def promoter_gru(encoding: Encoding, options: WindowGRUOptions) -> WindowNetwork:
    """Build the recurrent network over convolved bins; gives one output."""
    return window_gru(options, length=Options(**encoding.options).width, outputs=1)
