"""Snakemake whose Slurm plugin looks after its jobs every second, and asks the controller alone.

Left alone it waits ten seconds longer after each look that found nothing ended. This spares the controller of
many users, but makes these tests long, and no option of the plugin (2.8) bounds it. And where the controller
is away as it is asked how long it remembers jobs, the plugin turns to accounting, which these clusters have
none of, and never learns how a job ended.
"""

import sys

import snakemake_executor_plugin_slurm as plugin
from snakemake.cli import main

MIN_JOB_AGE = 3600  # as in cluster.py, in seconds

plugin.Executor.next_seconds_between_status_checks = property(
    lambda executor: 1, lambda executor, seconds: None
)
plugin.get_min_job_age = lambda: MIN_JOB_AGE
sys.exit(main())
