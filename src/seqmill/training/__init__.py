"""Train one run: compose, seed, fit, resume, stop."""
