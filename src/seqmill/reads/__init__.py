"""Reads: staged from any delivery, decoded into columns, sampled by name."""
