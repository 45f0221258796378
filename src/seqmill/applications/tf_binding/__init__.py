"""Binding of transcription factors, from DNA."""
