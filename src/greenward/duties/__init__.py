"""What waits for a person: one list of to-dos, cover for absence, reminders."""
