"""Pages of district plans: the list, a version, its draft, what changed, what is printed."""
