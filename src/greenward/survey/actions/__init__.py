"""All writing of the survey. ``by`` None is the system (command line, demonstration): it is not asked."""

from greenward.survey.actions.feeds import FaultyFeedError, take_feed
from greenward.survey.actions.imports import (
    FaultyRowsError,
    StalePreviewError,
    confirm_import,
    decide_import,
    discard_import,
    import_workbook,
    preview_again,
    preview_import,
)
from greenward.survey.actions.record import Recorded, correct_values, record_values, submit_values
from greenward.survey.actions.rounds import change_dates, close_round, open_round
from greenward.survey.actions.undo import undo_import
from greenward.survey.actions.units import add_unit

__all__ = [
    "FaultyFeedError",
    "FaultyRowsError",
    "Recorded",
    "StalePreviewError",
    "add_unit",
    "change_dates",
    "close_round",
    "confirm_import",
    "correct_values",
    "decide_import",
    "discard_import",
    "import_workbook",
    "open_round",
    "preview_again",
    "preview_import",
    "record_values",
    "submit_values",
    "take_feed",
    "undo_import",
]
