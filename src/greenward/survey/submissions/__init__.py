"""What somebody sends for one place: held against what is known, before it is written."""
