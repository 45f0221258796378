"""Keys, pseudonyms, encryption at rest, consent, and the search for identifiers."""
