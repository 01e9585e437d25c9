"""The baseline survey: rounds, forms, entries with provenance, workbooks, coverage."""
