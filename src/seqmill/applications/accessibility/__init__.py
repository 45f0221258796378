"""Chromatin accessibility and other coverage of read ends, from DNA."""
