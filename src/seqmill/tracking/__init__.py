"""Everything that talks to the tracking store."""

import os

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nothing about a user's runs leaves the machine
