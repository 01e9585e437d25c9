"""``/api/v1/evidence``: a community's evidence and the questions about it."""
