"""People, sign-in, API tokens."""
