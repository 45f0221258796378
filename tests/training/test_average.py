"""The average by hand, and who sees it."""

import pytest
import pytorch_lightning as pl
import torch
from torch.utils.data import DataLoader

from seqmill.training.average import Average

DECAY = 0.3
TABLE = [0.1, 1 / 3, 1e-3]


class Line(pl.LightningModule):
    """A line through the origin; buffers that count steps, hold a table, and follow the slope."""

    def __init__(self):
        super().__init__()
        self.slope = torch.nn.Parameter(torch.zeros(1))
        self.register_buffer("steps", torch.zeros((), dtype=torch.uint8))
        self.register_buffer("bits", torch.ones(5, dtype=torch.uint8), persistent=False)
        self.register_buffer("table", torch.tensor(TABLE), persistent=False)
        self.register_buffer("followed", torch.zeros(1))
        self.trained, self.validated, self.seen = [], [], []

    def training_step(self, batch, index):
        self.steps += 1
        assert (self.bits == 1).all()
        return ((self.slope * batch - 3 * batch) ** 2).mean()

    def validation_step(self, batch, index):
        self.validated.append((self.slope.item(), int(self.steps)))
        self.seen.append((self.bits.tolist(), self.table.tolist(), self.followed.item()))

    def optimizer_step(self, epoch, batch_idx, optimizer, optimizer_closure=None):
        super().optimizer_step(epoch, batch_idx, optimizer, optimizer_closure)
        self.followed.copy_(self.slope.detach())

    def on_train_batch_end(self, outputs, batch, batch_idx):
        self.trained.append(self.slope.item())

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)


class Keeps(pl.Callback):
    """Takes the slope where the best weights are kept, and where an epoch ends."""

    def __init__(self):
        self.kept, self.after = [], []

    def on_validation_end(self, trainer, pl_module):
        self.kept.append(pl_module.slope.item())

    def on_train_epoch_end(self, trainer, pl_module):
        self.after.append(pl_module.slope.item())


@pytest.mark.filterwarnings("ignore::lightning_fabric.utilities.warnings.PossibleUserWarning")
@pytest.mark.filterwarnings("ignore:.isinstance.treespec:FutureWarning")
def test_validation_and_what_is_kept_see_the_average_and_training_the_weights(tmp_path):
    line, keeps = Line(), Keeps()
    data = DataLoader(torch.tensor([1.0, 2.0, 0.5]), batch_size=1)
    trainer = pl.Trainer(
        accelerator="cpu",
        max_epochs=3,
        callbacks=[keeps, Average(DECAY)],
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        num_sanity_val_steps=0,
        default_root_dir=tmp_path,
    )
    trainer.fit(line, data, DataLoader(torch.ones(1)))
    average, by_hand = line.trained[0], []
    for step, slope in enumerate(line.trained, start=1):
        decay = min(DECAY, step / (9 + step))
        average = slope if step == 1 else decay * average + (1 - decay) * slope
        if step % 3 == 0:
            by_hand.append(average)
    assert torch.allclose(torch.tensor(keeps.kept), torch.tensor(by_hand))
    assert [slope for slope, _ in line.validated] == keeps.kept
    assert [steps for _, steps in line.validated] == [3, 6, 9]
    tables = torch.tensor(TABLE).tolist()
    assert line.seen == [([1] * 5, tables, slope) for slope in keeps.kept]
    assert keeps.after == line.trained[2::3]
