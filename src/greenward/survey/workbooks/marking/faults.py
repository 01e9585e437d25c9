"""What is marked: one mark per cell, with everything that is wrong there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from greenward.survey.workbooks.grid import index_of

LIST_SHEET = "问题清单"
"""The name of the added sheet, in the language of the workbooks."""
MOST_COMMENTS = 3_000
"""Notes per sheet: more make the file slow to open. All cells are coloured, and listed."""
PROBLEM, WARNING = "FFFFC7CE", "FFFFEB9C"


@dataclass(frozen=True)
class Mark:
    """A cell to mark: column letter, row as Excel counts, what to do, and whether it is only a warning."""

    letter: str
    row: int
    text: str
    is_warning: bool

    @property
    def ref(self) -> str:
        """The cell as Excel names it."""
        return f"{self.letter}{self.row}"

    @property
    def column(self) -> int:
        """The column's index, from 0."""
        return index_of(self.letter)


def marks_of(faults: pl.DataFrame, columns: Sequence[Mapping[str, Any]]) -> dict[str, list[Mark]]:
    """Return the marks by sheet, in the order of its cells.

    A problem of a whole row stands at the cell that names its community, else at the first column.
    """
    naming = _naming(columns)
    cells: dict[tuple[str, int, str], tuple[list[str], bool]] = {}
    for fault in faults.iter_rows(named=True):
        letter = fault["column"] or naming.get(fault["sheet"], "A")
        texts, warning = cells.get((fault["sheet"], fault["row"], letter), ([], True))
        texts.append(fault["message"])
        cells[fault["sheet"], fault["row"], letter] = (texts, warning and fault["level"] == "warning")
    marks: dict[str, list[Mark]] = {}
    for (sheet, row, letter), (texts, warning) in cells.items():
        marks.setdefault(sheet, []).append(Mark(letter, row, "\n".join(dict.fromkeys(texts)), warning))
    for found in marks.values():
        found.sort(key=lambda mark: (mark.row, mark.column))
    return marks


def listed(faults: pl.DataFrame, columns: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, ...]]:
    """Yield the rows of the list: sheet, cell, kind, value, what to do; the heading first."""
    naming = _naming(columns)
    yield (_("工作表"), _("单元格"), _("类别"), _("值"), _("怎么改"))
    for fault in faults.iter_rows(named=True):
        letter = fault["column"] or naming.get(fault["sheet"], "A")
        kind = _("请核对") if fault["level"] == "warning" else _("问题")
        yield (fault["sheet"], f"{letter}{fault['row']}", kind, fault["value"] or "", fault["message"])


def _naming(columns: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for meaning in ("#community", "#code"):
        for one in columns:
            if one["meaning"] == meaning:
                found.setdefault(one["sheet"], one["letter"])
    return found
