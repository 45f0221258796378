"""Everything that talks to the tracking store."""
