"""Who may do what in certification, and when that can be done."""
