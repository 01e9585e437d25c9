"""A result in words: conditions with their numbers in place, points, levels, ways to pass, a page."""
