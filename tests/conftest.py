"""Properties are tested on the same examples in each run, and never on time."""

from hypothesis import settings

settings.register_profile("seqmill", deadline=None, derandomize=True)
settings.load_profile("seqmill")
