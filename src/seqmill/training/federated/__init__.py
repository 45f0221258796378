"""Training over sites that keep their rows: weights and statistics travel in checkpoints, nothing else."""
