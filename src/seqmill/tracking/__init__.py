"""Everything that talks to the tracking store."""

import os

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nothing about a user's runs leaves the machine
os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
os.environ.setdefault("MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT", "true")
