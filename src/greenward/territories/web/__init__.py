"""Pages about places, people and roles."""
