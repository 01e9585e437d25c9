"""What a department's program sends for many places at once: whose rows they are, and what they change."""
