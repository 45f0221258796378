"""What applications on profiles and molecules share: their examples, and how tasks look tables up."""
