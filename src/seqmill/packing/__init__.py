"""Labelled sequences that have no genome, packed into one."""
