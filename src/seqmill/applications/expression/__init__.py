"""Expression levels from the DNA around the start of transcription."""
