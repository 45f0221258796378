"""Examples of one group are one block, whatever their order."""

import numpy as np
import pandas as pd

from seqmill.applications.profiled.items import blocks_of
from seqmill.applications.scoring import ScoreJob


def test_a_block_is_a_group():
    examples = pd.DataFrame({"group": ["a", "b", "a", ""]})
    job = ScoreJob(plan={}, split="test", lineage={}, reads={}, examples=examples)
    blocks = blocks_of(job)
    assert blocks.dtype == np.uint64
    assert blocks[0] == blocks[2]
    assert len(set(blocks.tolist())) == 3
