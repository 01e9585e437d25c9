"""Planning a round: what it would ask, before it is opened."""
