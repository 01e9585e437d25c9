"""Reading for the staff's pages."""
