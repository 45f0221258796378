"""Where the model that a user names lies."""

from pathlib import Path


def checkpoint_of(model: str, *, uri: str | None) -> Path:
    """Give the path that the user named, or the checkpoint behind a ``models:/`` address of a store."""
    if not model.startswith("models:/"):
        return Path(model)
    from seqmill.tracking.registry import resolve_model

    return resolve_model(model, uri=uri)
