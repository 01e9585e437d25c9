"""Audit, errors, clock, working days, page frame: no domain words."""
