"""Duties over the API."""
