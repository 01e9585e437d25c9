"""What staff send from a community's file: taking part, and being a pilot."""
