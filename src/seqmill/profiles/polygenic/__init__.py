"""Polygenic scores: published weights of alleles, summed over the alleles that a person carries."""
