"""One reader for each kind of file that tells its lineage."""
