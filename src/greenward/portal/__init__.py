"""Public pages: the aggregate picture."""
