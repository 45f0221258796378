"""Reusable parts of networks and their optimisers, in plain torch."""
