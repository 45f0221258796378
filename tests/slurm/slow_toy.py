"""The toy application, made slow: each step takes its time and is noted, and the state is saved often.

Installed by an entry point, as an application of others is, for programs that find its folder in their path.
"""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import toy_application

from seqmill.training import keeper

keeper.SAVE_EVERY_S = float(os.environ.get("TOY_SAVE_EVERY_S", keeper.SAVE_EVERY_S))


class SlowTask(toy_application.ToyTask):
    """Sleeps ``TOY_STEP_S`` in each step, and for as long as a file ``held`` lies beside ``TOY_JOURNAL``.

    Is killed without a word at the step ``TOY_KILLED_AT``, once.
    """

    def training_step(self, batch, index):
        """Note node and step in ``TOY_JOURNAL``."""
        with open(os.environ["TOY_JOURNAL"], "a") as journal:
            journal.write(f"{os.environ.get('SLURMD_NODENAME', 'none')}\t{self.global_step}\n")
        if os.environ.get("TOY_KILLED_AT") == str(self.global_step):
            mark = Path(os.environ["TOY_JOURNAL"]).with_name("killed")
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(float(os.environ.get("TOY_STEP_S", "0")))
        while Path(os.environ["TOY_JOURNAL"]).with_name("held").exists():
            time.sleep(0.1)
        return super().training_step(batch, index)


APPLICATION = replace(
    toy_application.APPLICATION,
    task="slow_toy:SlowTask",
    labels=("truth", "confident"),
    prediction=(".txt",),
)
