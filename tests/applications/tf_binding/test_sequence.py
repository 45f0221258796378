"""A trained task as a function of DNA."""

import pytest
import torch
from torch.nn import functional as F

from seqmill.applications.sequence import SequenceModel
from seqmill.applications.tf_binding.sequence import sequence_function
from seqmill.models.sequence import reverse_complement
from seqmill.models.windows import WindowCNNOptions, window_cnn
from tests.applications.tf_binding.test_task import OPTIONS, task


@pytest.fixture
def function():
    torch.manual_seed(1)
    return sequence_function(task(window_cnn(WindowCNNOptions(channels=6), length=20, outputs=2)))


def test_it_tells_of_each_factor_in_the_middle_whichever_strand_is_read(function):
    x = (
        F.one_hot(torch.randint(4, (5, 26), generator=torch.Generator().manual_seed(2)), 4)
        .transpose(1, 2)
        .float()
    )
    told = function(x)
    torch.testing.assert_close(told, function(x[..., 3:23]))
    torch.testing.assert_close(told, function(reverse_complement(x)))
    model = SequenceModel.of(function)
    assert (model.length, model.outputs, model.both_strands) == (20, OPTIONS.factors, True)


def test_too_short_sequences_are_refused(function):
    with pytest.raises(ValueError, match="19 bases found, at least 20 wanted"):
        function(torch.zeros(1, 4, 19))
