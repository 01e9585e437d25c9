"""How far a round is: counted by community, brought up to date by what is new, added up for any place."""

from greenward.survey.queries.coverage.counting import Counts
from greenward.survey.queries.coverage.keeping import counts_of
from greenward.survey.queries.coverage.rates import (
    CommunityProgress,
    Coverage,
    children_of,
    communities_below,
    coverage_at,
    coverage_below,
    coverage_for,
    coverage_of,
    coverage_right_below,
)

__all__ = [
    "CommunityProgress",
    "Counts",
    "Coverage",
    "children_of",
    "communities_below",
    "counts_of",
    "coverage_at",
    "coverage_below",
    "coverage_for",
    "coverage_of",
    "coverage_right_below",
]
