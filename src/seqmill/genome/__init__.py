"""The genome: reference, intervals, variants, splits, and haplotype replay."""
