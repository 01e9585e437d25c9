"""Pages of pilots: proposals by street, one community, lessons."""
