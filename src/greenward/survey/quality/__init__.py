"""What is suspicious in values that each for itself are allowed: found over columns, never decided."""
