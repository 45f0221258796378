"""Applications: from alignments and labels to examples, networks, scores and the field's own files."""
