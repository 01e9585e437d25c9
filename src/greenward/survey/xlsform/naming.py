"""The names in an XLSForm that making and reading agree on."""

from greenward.packs.schema.forms import Column, Field, Form
from greenward.survey.models import Round
from greenward.territories.models import Level

WHERE = "place"
"""The group that says which place an answer is about."""
PLACE_QUESTIONS = {
    Level.DISTRICT: "place_district",
    Level.SUBDISTRICT: "place_subdistrict",
    Level.COMMUNITY: "place_community",
    Level.COMPOUND: "place_compound",
    Level.BUILDING: "place_building",
    Level.FACILITY: "place_facility",
}
ROUND, FORM = "greenward_round", "greenward_form"
STARTED, TODAY = "started", "observed_on"
YES_NO = "yes_no"
FORM_ID = "greenward_"
"""Begins the form id that apps and servers show."""


def form_id(form: Form) -> str:
    """Return the id under which servers keep the form."""
    return FORM_ID + form.id.replace("-", "_")


def version_of(held: Round, digest: str) -> str:
    """Return the form's version: round and edition of the pack, so that a changed form is another version."""
    return f"{held.code}-{digest[:8]}"


def group_name(section: str) -> str:
    """Return the name of a section's group; a field may be called like its section."""
    return f"g_{section.replace('-', '_')}"


def cell_name(field: Field, column: Column) -> str:
    """Return the name of a table's question: the same column may stand in several tables."""
    return f"{field.id}_{column.id}"


def is_carried(field: Field) -> bool:
    """Tell whether a field app can ask the field. Files are handed in by the browser: data has no content."""
    return field.type != "file"
