"""A demonstration: Beijing's real communities with made-up, clearly marked answers. Deterministic."""
