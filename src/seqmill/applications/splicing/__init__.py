"""Splice sites from DNA."""
