"""Masked bases of a genome from the bases around them: self-supervised pre-training of a trunk."""
