"""The function of DNA that explanations ask."""

from types import SimpleNamespace

import pytest
import torch

from seqmill.applications.methylation.networks import methylation_cnn
from seqmill.applications.methylation.sequence import sequence_function
from seqmill.applications.methylation.spec import Options, encoding
from seqmill.applications.methylation.task import build_task
from seqmill.applications.sequence import SequenceModel
from seqmill.models.windows import WindowCNNOptions


def test_it_gives_the_log_odds_of_the_middle_site():
    torch.manual_seed(1)
    told = encoding(Options(marks=("5mC", "6mA"), window=21))
    network = methylation_cnn(told, WindowCNNOptions(channels=4, stem=5, pool=1, hidden=4))
    task = build_task(network=network, encoding=told, run=SimpleNamespace(), label_counts={})
    model = SequenceModel.of(sequence_function(task))
    assert (model.length, model.outputs, model.both_strands) == (21, ("5mC", "6mA"), False)
    codes = torch.randint(4, (3, 25), dtype=torch.uint8)
    wide = (codes.unsqueeze(1) == torch.arange(4, dtype=torch.uint8).view(1, 4, 1)).float()
    with torch.no_grad():
        found = model.function(wide).sigmoid()
        levels = task.eval().predict_step({"sequence": codes[:, 2:23]})["predicted_levels"]
    torch.testing.assert_close(found, levels)
    with pytest.raises(ValueError, match="sequences of 20 bases found, at least 21 wanted"):
        model.function(wide[..., :20])
