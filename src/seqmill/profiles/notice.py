"""The sentence that stands on everything that is said about a patient."""

NOTICE = "Research use only: predictions of a statistical model, no medical advice."
