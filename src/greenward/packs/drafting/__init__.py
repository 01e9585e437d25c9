"""Drafts of editions: a pack as texts that people edit, file by file or entry by entry."""
