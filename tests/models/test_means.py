"""What is logged is a mean by weight."""

from types import SimpleNamespace

import torch

from seqmill.models.means import log_mean


def test_a_batch_counts_its_weight_as_a_float_and_is_averaged_over_ranks():
    logged = {}
    module = SimpleNamespace(log=lambda name, value, **options: logged.update({name: (value, options)}))
    log_mean(module, "validation_loss", torch.tensor(2.0), torch.tensor(3))
    value, options = logged["validation_loss"]
    assert value == 2 and options["batch_size"].dtype == torch.float32 and options["batch_size"] == 3
    assert options["sync_dist"]
