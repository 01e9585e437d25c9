"""Facts about communities, and where they come from: a registry, and a slice per source."""
