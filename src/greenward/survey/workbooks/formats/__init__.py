"""The formats in which workbooks come: what a file is, and reading each kind within its limits."""
