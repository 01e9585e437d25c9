"""Views: the list and a version, its draft, its moves, its files."""
