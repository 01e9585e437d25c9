"""Assessments over the API."""
