"""All reading about assessments.

``verdicts``, ``picture`` and what is counted from them are for calculations; what a person sees goes
through ``attainment_for``, ``changes_for`` or a place that ``territories`` gave to that person.
"""

from greenward.assessment.queries.attainment import (
    AttainmentRow,
    applicable_target,
    attainment,
    attainment_for,
    needed,
    target_dues,
)
from greenward.assessment.queries.changes import Change, ItemChange, changes_for, new_for
from greenward.assessment.queries.curve import CurvePoint, curve
from greenward.assessment.queries.effect import Effect, Trial, effect_for, effect_of, trial_for
from greenward.assessment.queries.explanation import (
    AreaAssessment,
    CommunityAssessment,
    Input,
    ItemAssessment,
    assessment_for,
    assessment_of,
    assessment_with_code,
)
from greenward.assessment.queries.gaps import (
    DepartmentGap,
    ItemGap,
    NearMiss,
    gaps,
    gaps_by_department,
    nearest_to_passing,
)
from greenward.assessment.queries.measures import MEASURES, Listed, Measure, listed, measure
from greenward.assessment.queries.picture import picture
from greenward.assessment.queries.pilots import PilotRow, below_quota, pilots
from greenward.assessment.queries.verdicts import verdicts

__all__ = [
    "MEASURES",
    "AreaAssessment",
    "AttainmentRow",
    "Change",
    "CommunityAssessment",
    "CurvePoint",
    "DepartmentGap",
    "Effect",
    "Input",
    "ItemAssessment",
    "ItemChange",
    "ItemGap",
    "Listed",
    "Measure",
    "NearMiss",
    "PilotRow",
    "Trial",
    "applicable_target",
    "assessment_for",
    "assessment_of",
    "assessment_with_code",
    "attainment",
    "attainment_for",
    "below_quota",
    "changes_for",
    "curve",
    "effect_for",
    "effect_of",
    "gaps",
    "gaps_by_department",
    "listed",
    "measure",
    "nearest_to_passing",
    "needed",
    "new_for",
    "picture",
    "pilots",
    "target_dues",
    "trial_for",
    "verdicts",
]
