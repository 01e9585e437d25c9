"""Pages about assessments: one community explained, and the definition behind every number."""
