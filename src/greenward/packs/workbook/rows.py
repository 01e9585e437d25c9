"""Rows of a sheet as entries of data, each part with the cell that it came from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from greenward.packs.workbook.cells import CellError, Names, folded, read
from greenward.packs.workbook.columns import Column
from greenward.packs.workbook.grid import Row
from greenward.packs.workbook.headings import Headed


@dataclass(frozen=True)
class CellFault:
    """A fault of a workbook at its cell; ``message`` says what would be right."""

    cell: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.message} [{self.code}]"

    def as_dict(self) -> dict[str, str]:
        """Return the fault as plain data."""
        return {"cell": self.cell, "code": self.code, "message": self.message}


@dataclass
class Entry:
    """A row as data: by path, with the cell of each part, and the cell of the row itself."""

    row: Row
    at: str
    data: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    """By path, such as ``title/zh``."""
    aside: dict[str, Any] = field(default_factory=dict)
    """What columns without a place in the data hold, by the column's name."""
    asides: dict[str, str] = field(default_factory=dict)
    """Their cells."""

    def put(self, path: tuple[str, ...], value: Any, cell: str) -> None:
        """Set a part of the data."""
        here = self.data
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = value
        self.cells["/".join(path)] = cell


class Reader:
    """Reads the rows of headed sheets; gathers every fault."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self.names: Names = names
        self.faults: list[CellFault] = []

    def fault(self, cell: str, code: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(CellFault(cell, code, message))

    def entries(self, headed: Headed) -> Iterator[Entry]:
        """Yield every row below the headings that says anything."""
        for row in headed.body:
            if any(place in headed.columns for place in row.cells):
                yield self.entry(headed, row)

    def entry(self, headed: Headed, row: Row) -> Entry:
        """Read one row; a cell that cannot be read is a fault and gives nothing."""
        entry = Entry(row, headed.sheet.cell(row.number, min(row.cells)))
        for place, text in row.cells.items():
            column = headed.columns.get(place)
            if column is not None:
                self.take(entry, column, text, headed.sheet.cell(row.number, place))
        return entry

    def take(self, entry: Entry, column: Column, text: str, cell: str) -> None:
        """Read one cell into an entry."""
        if column.name in ("shape", "area", "item", "indicator", "of"):
            entry.aside[column.name], entry.asides[column.name] = folded(text), cell
            return
        try:
            value = read(column, text, self.names)
        except CellError as error:
            self.fault(cell, "unreadable_cell", str(error))
            return
        if column.path:
            entry.put(column.path, value, cell)
        else:
            entry.aside[column.name], entry.asides[column.name] = value, cell

    def require(self, headed: Headed, entry: Entry, *, indicator: bool = False) -> None:
        """Note every blank cell that must be filled in."""
        for column in headed.spec.columns:
            if not column.needed(indicator=indicator):
                continue
            held = "/".join(column.path) in entry.cells if column.path else column.name in entry.aside
            if not held and not any(f.cell in self._cells_of(headed, entry, column) for f in self.faults):
                place = next((p for p, each in headed.columns.items() if each is column), None)
                cell = entry.at if place is None else headed.sheet.cell(entry.row.number, place)
                sentence = _("请填写“{heading}”。").format(heading=column.heading)
                self.fault(cell, "blank_cell", sentence)

    @staticmethod
    def _cells_of(headed: Headed, entry: Entry, column: Column) -> set[str]:
        return {
            headed.sheet.cell(entry.row.number, place)
            for place, each in headed.columns.items()
            if each is column
        }
