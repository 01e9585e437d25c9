"""The shapes of a pack: one file of nouns per YAML file, strict, frozen, without Django's models."""
