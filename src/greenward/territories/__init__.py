"""The tree of places with dates, aliases, outlines; offices, roles and reach."""
