"""Pages about assessments: one community, gaps, the definition behind a number."""
