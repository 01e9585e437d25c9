"""Reading files, where they are filed, and what is asked about them."""

from greenward.evidence.queries.files import file_of, kept_by, kept_since
from greenward.evidence.queries.questions import open_questions, pairs_under, questions_for
from greenward.evidence.queries.uses import (
    also_filed,
    evidence_at,
    file_at,
    get_use_for,
    items,
    offered_at,
    picture_at,
    years_at,
)

__all__ = [
    "also_filed",
    "evidence_at",
    "file_at",
    "file_of",
    "get_use_for",
    "items",
    "kept_by",
    "kept_since",
    "offered_at",
    "open_questions",
    "pairs_under",
    "picture_at",
    "questions_for",
    "years_at",
]
