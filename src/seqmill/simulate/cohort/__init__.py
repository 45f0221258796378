"""Cohorts of generated people: genotypes with linkage, relatives, and traits whose heritability is known."""
