"""How programs sign in."""
