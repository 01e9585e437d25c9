"""Pages about evidence, and serving files."""
