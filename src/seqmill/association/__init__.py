"""Which variants and genes go along with a trait, feature by feature."""
