"""Reading files and what is known of them."""

from greenward.evidence.queries.files import file_of, kept_by, kept_since

__all__ = ["file_of", "kept_by", "kept_since"]
