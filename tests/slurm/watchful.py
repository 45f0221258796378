"""Snakemake whose Slurm plugin looks after its jobs every second.

Left alone it waits ten seconds longer after each look that found nothing ended. This spares the controller of
many users, but makes these tests long, and no option of the plugin (2.8) bounds it.
"""

import sys

from snakemake.cli import main
from snakemake_executor_plugin_slurm import Executor

Executor.next_seconds_between_status_checks = property(lambda executor: 1, lambda executor, seconds: None)
sys.exit(main())
