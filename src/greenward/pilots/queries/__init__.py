"""All reading about pilots."""

from greenward.pilots.queries.lessons import (
    Shown,
    get_lesson_for,
    lacking_at,
    lessons_for,
    policy_on,
    search,
    shown_of,
)
from greenward.pilots.queries.ranking import (
    Candidate,
    Reason,
    StreetProposals,
    get_place_with_streets,
    street_proposals,
)

__all__ = [
    "Candidate",
    "Reason",
    "Shown",
    "StreetProposals",
    "get_lesson_for",
    "get_place_with_streets",
    "lacking_at",
    "lessons_for",
    "policy_on",
    "search",
    "shown_of",
    "street_proposals",
]
