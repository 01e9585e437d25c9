"""All writing of the survey. ``by`` None is the system (command line, demonstration): it is not asked."""

from greenward.survey.actions.compounds import add_compound
from greenward.survey.actions.imports import (
    FaultyRowsError,
    StalePreviewError,
    confirm_import,
    discard_import,
    import_workbook,
    preview_again,
    preview_import,
)
from greenward.survey.actions.record import record_values
from greenward.survey.actions.rounds import close_round, open_round

__all__ = [
    "FaultyRowsError",
    "StalePreviewError",
    "add_compound",
    "close_round",
    "confirm_import",
    "discard_import",
    "import_workbook",
    "open_round",
    "preview_again",
    "preview_import",
    "record_values",
]
