"""Interpretation: why a sequence model says so, and what a variant changes."""
