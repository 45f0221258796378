"""Responses of cell lines or patients to drugs."""
