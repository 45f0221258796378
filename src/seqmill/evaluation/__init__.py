"""Scores with intervals, calibration and curves of one run; knows no application."""
