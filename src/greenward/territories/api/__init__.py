"""Places over the API."""
