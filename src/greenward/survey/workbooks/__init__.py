"""Workbooks out and in: the template, safe opening, headings, communities, and the plan of an import."""
