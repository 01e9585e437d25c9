"""The marked copy of an uploaded workbook."""

from greenward.survey.models import ImportFile
from greenward.survey.workbooks.marking.faults import listed, marks_of
from greenward.survey.workbooks.marking.package import marked_package
from greenward.survey.workbooks.marking.plain import plain_copy
from greenward.survey.workbooks.marking.styles import UnmarkableError
from greenward.survey.workbooks.storing import frame_of

ZIP = b"PK\x03\x04"


def marked_copy(file: ImportFile) -> bytes:
    """Return the same workbook with its problem cells marked and a sheet that lists them.

    An .xlsx keeps everything else that it holds; other formats give their cells to a new .xlsx. The file
    passed the opening, so it brings no programs, links or entities along.
    """
    faults, columns = frame_of(file.faults), file.report.get("columns", [])
    marks = marks_of(faults, columns)
    if bytes(file.content[:4]) == ZIP and file.file_name.lower().endswith(".xlsx"):
        try:
            return marked_package(bytes(file.content), marks, listed(faults, columns))
        except UnmarkableError:
            pass
    return plain_copy(frame_of(file.cells), marks, listed(faults, columns))
