"""Disease, trait or survival from the profile of a person."""
