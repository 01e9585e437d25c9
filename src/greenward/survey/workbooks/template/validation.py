"""What Excel lets people type into a template's cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from greenward.packs.schema.forms import Answerable, Column, Field
from greenward.survey.workbooks.grid import KEY_SHEET
from greenward.survey.workbooks.template.columns import area, explained

LONGEST_LIST = 255
FIRST_LIST = 3
"""Columns of the hidden sheet from here on hold lists that are too long for a rule."""


@dataclass
class Lists:
    """Lists of choices that stand on the hidden sheet, the same list once."""

    columns: dict[tuple[str, ...], int] = field(default_factory=dict)

    def source(self, labels: Sequence[str]) -> str | list[str]:
        """Return what a rule names as its list: the labels, or where they stand."""
        if len(",".join(labels)) <= LONGEST_LIST and not any("," in label for label in labels):
            return list(labels)
        column = self.columns.setdefault(tuple(labels), FIRST_LIST + len(self.columns))
        return f"='{KEY_SHEET}'!{area(column, 0, len(labels) - 1)}"

    def write(self, page: Worksheet) -> None:
        """Write the lists onto the hidden sheet."""
        for labels, column in self.columns.items():
            for row, label in enumerate(labels):
                page.write_string(row, column, label)


def validate(page: Worksheet, column: int, rows: int, one: Field | Column, lists: Lists) -> None:
    """Let the column's cells below the headings take only what fits; a wrong entry says what would."""
    rule = _rule(one, one.type, lists)
    if rule is None:
        return
    said = explained(one, one.type)[:LONGEST_LIST]
    told = {"error_title": str(one.label)[:32], "error_message": said, "ignore_blank": True}
    page.data_validation(1, column, max(rows, 1), column, {**rule, **told})


def _rule(one: Answerable, kind: str, lists: Lists) -> dict[str, object] | None:
    if kind == "bool":
        return {"validate": "list", "source": [_("是"), _("否")]}
    if kind == "choice":
        return {"validate": "list", "source": lists.source([str(choice.label) for choice in one.choices])}
    if kind in {"count", "year"}:
        return _bounded("integer", one, least=0)
    if kind == "number":
        return _bounded("decimal", one, least=-1e15)
    if kind == "date":
        return {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    return None


def _bounded(kind: str, one: Answerable, *, least: float) -> dict[str, object]:
    low = float(one.min) if one.min is not None else least
    high = float(one.max) if one.max is not None else 1e15
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
