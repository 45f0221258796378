"""A trained and scored ensemble on the planted screen, and one model of toxicity-like numbers."""
