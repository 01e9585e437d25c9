"""What a field of a form accepts: one answer at a time, or a whole column; the same reading for both."""
