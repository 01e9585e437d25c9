"""A district's year played through the real actions, by chance from a seed, and counted again afterwards."""
