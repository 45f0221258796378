"""Training with differential privacy: what each person can change in the weights is bounded and blurred."""
