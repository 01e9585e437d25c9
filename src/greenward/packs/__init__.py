"""A programme's policy as data: schema, loader, check, diff, installed editions."""
