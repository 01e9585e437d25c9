"""Pages of one's own duties: the list, the number in the frame, cover, reminders."""
