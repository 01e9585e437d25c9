"""Opening what somebody uploaded: what it is by its content, then its format's own reader."""

from greenward.survey.workbooks.formats.kinds import READERS, kind_of
from greenward.survey.workbooks.grid import (
    FROM_BROWSER,
    FROM_COMMAND_LINE,
    KEY_SHEET,
    MEGABYTE,
    MOST_COLUMNS,
    Area,
    Limits,
    Sheet,
    Workbook,
    index_of,
    letter,
)
from greenward.survey.workbooks.refusals import WorkbookError, empty, too_large

__all__ = [
    "FROM_BROWSER",
    "FROM_COMMAND_LINE",
    "KEY_SHEET",
    "MEGABYTE",
    "MOST_COLUMNS",
    "Area",
    "Limits",
    "Sheet",
    "Workbook",
    "WorkbookError",
    "index_of",
    "letter",
    "open_workbook",
]


def open_workbook(file_name: str, content: bytes, limits: Limits) -> Workbook:
    """Read the workbook; WorkbookError with the way out when it must be refused."""
    if len(content) > limits.packed:
        raise too_large(len(content), limits.packed)
    kind = kind_of(file_name, content)
    workbook = READERS[kind](content, limits)
    if not workbook.sheets:
        raise empty()
    return workbook
