"""Files that people hand in as evidence: each content once, under its digest, with who kept it."""
