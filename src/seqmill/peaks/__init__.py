"""Peaks of read depth, called by a program of its own environment from staged alignments."""
