"""Placeholder replaced by the launcher package; tells where the embedded database listens."""


def database_url(name: str = "greenward") -> str:
    """Return the URL of the embedded database."""
    return f"postgresql:///{name}"
