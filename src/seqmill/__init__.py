"""seqmill mills raw sequencing reads into trained, tracked, comparable deep-learning models."""

__version__ = "0.1.0"
