"""All reading of the survey.

For a person: ``rounds_for``, ``get_round``, ``coverage_for``, ``imports_for``. For calculations:
``values_of``, ``values_frame``, ``coverage_of``.
"""

from greenward.survey.queries.asked import AskedField, AskedForm, asked_of, asked_of_all
from greenward.survey.queries.attached import file_for, held_at
from greenward.survey.queries.coverage import (
    CommunityProgress,
    Coverage,
    communities_below,
    coverage_below,
    coverage_for,
    coverage_of,
)
from greenward.survey.queries.figures import figures
from greenward.survey.queries.imports import get_import, get_import_for, imports_for, preview_rows
from greenward.survey.queries.rounds import (
    compound_form,
    current_round,
    everything_asked,
    everything_at,
    form_at_level,
    form_of,
    forms_at,
    forms_of,
    get_round,
    policy_of,
    rounds,
    standing,
    unit_forms,
)
from greenward.survey.queries.templates import template_for
from greenward.survey.queries.values import (
    Value,
    compounds_of,
    day_of,
    entries_of,
    known_from,
    newest_entry,
    units_of,
    values_frame,
    values_of,
)

__all__ = [
    "AskedField",
    "AskedForm",
    "CommunityProgress",
    "Coverage",
    "Value",
    "asked_of",
    "asked_of_all",
    "communities_below",
    "compound_form",
    "compounds_of",
    "coverage_below",
    "coverage_for",
    "coverage_of",
    "current_round",
    "day_of",
    "entries_of",
    "everything_asked",
    "everything_at",
    "figures",
    "file_for",
    "form_at_level",
    "form_of",
    "forms_at",
    "forms_of",
    "get_import",
    "get_import_for",
    "get_round",
    "held_at",
    "imports_for",
    "known_from",
    "newest_entry",
    "policy_of",
    "preview_rows",
    "rounds",
    "standing",
    "template_for",
    "unit_forms",
    "units_of",
    "values_frame",
    "values_of",
]
