"""Pictures read safely: within limits of size and memory, with what they say of themselves."""
