"""All reading about district plans."""

from greenward.plans.queries.content import (
    MeasureLine,
    MilestoneLine,
    PlanContent,
    SumLine,
    TargetLine,
    check_content,
    content_of,
    first_content,
    sums_of,
)
from greenward.plans.queries.diff import PlanChange, changes
from greenward.plans.queries.overview import DistrictLine, overview_for
from greenward.plans.queries.progress import ProgressRow, progress
from greenward.plans.queries.proposal import Asked, Proposed, asked_of, proposals
from greenward.plans.queries.versions import chosen, get_district_for, offices_of, policy_of, versions_for

__all__ = [
    "Asked",
    "DistrictLine",
    "MeasureLine",
    "MilestoneLine",
    "PlanChange",
    "PlanContent",
    "ProgressRow",
    "Proposed",
    "SumLine",
    "TargetLine",
    "asked_of",
    "changes",
    "check_content",
    "chosen",
    "content_of",
    "first_content",
    "get_district_for",
    "offices_of",
    "overview_for",
    "policy_of",
    "progress",
    "proposals",
    "sums_of",
    "versions_for",
]
