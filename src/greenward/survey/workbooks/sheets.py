"""Which form each sheet of a workbook answers, and which sheets hold the rows of a table field."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field, Form
from greenward.survey.workbooks.decisions import Decisions
from greenward.survey.workbooks.opening import Sheet, Workbook, WorkbookError
from greenward.survey.workbooks.reading import best_layout
from greenward.territories.models import Level

ORDER = [Level.COMMUNITY.value, Level.COMPOUND.value, Level.FACILITY.value, Level.BUILDING.value]
"""Communities before what stands in them, compounds before their buildings."""

OWN_NAME = "name_of_the_unit"
"""What a table's sheet calls the unit that a row belongs to: no column of a table is called so."""


@dataclass(frozen=True)
class Part:
    """Sheets that answer one form; ``table``: the field whose rows they hold, where they hold a table's."""

    form: Form
    sheets: tuple[Sheet, ...]
    table: Field | None = None


SNAPSHOT = re.compile(r"\d{1,18}:\d{1,18}:(\d{1,18}(,\d{1,18})*)?", re.ASCII)
LONGEST_SNAPSHOT = 20_000


@dataclass(frozen=True)
class Key:
    """What a template says of itself: the form of each sheet and, for a table's sheet, the field.

    ``seen``: the database's snapshot in which it was made, None where it tells none.
    """

    forms: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)
    seen: str | None = None


def key_of(workbook: Workbook) -> Key:
    """Read the template's own key; whatever is not as we write it counts as not there."""
    try:
        said = json.loads(workbook.key.get("sheets", "{}"))
        sheets = {str(name): str(text).partition("/") for name, text in said.items()}
    except (ValueError, AttributeError):
        sheets = {}
    return Key(
        {name: form for name, (form, _slash, _field) in sheets.items()},
        {name: table for name, (_form, _slash, table) in sheets.items() if table},
        _snapshot(workbook.key.get("seen", "")),
    )


def _snapshot(text: str) -> str | None:
    """Return what PostgreSQL reads as a snapshot; None for anything else.

    Early templates hold one transaction: they saw those before it.
    """
    text = f"{text}:{text}:" if text.isdecimal() else text
    if len(text) > LONGEST_SNAPSHOT or not SNAPSHOT.fullmatch(text):
        return None
    first, end, running = text.split(":")
    bounds = [int(first), *map(int, filter(None, running.split(","))), int(end)]
    return text if bounds == sorted(bounds) and bounds[0] > 0 else None


def assigned(
    forms: Mapping[str, Form], wanted: Form | None, workbook: Workbook, decided: Decisions
) -> tuple[list[Part], list[str]]:
    """Return the parts in the order in which they must be brought in, and notes on sheets left out.

    ``wanted`` None: each sheet says itself which form it answers, by the template's key or its headings.
    """
    key, notes = key_of(workbook), []
    _check_key(wanted, workbook, key)
    sheets: dict[str, list[Sheet]] = {}
    tables: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in workbook.sheets:
        form = forms.get(key.forms.get(sheet.name, "")) or wanted or best_form(forms.values(), sheet, decided)
        if form is None:
            notes.append(_("工作表“%(sheet)s”没有表头，没有读取。") % {"sheet": sheet.name})
        elif wanted is not None and form.id != wanted.id:
            notes.append(
                _("工作表“%(sheet)s”属于“%(form)s”，没有读取。") % {"sheet": sheet.name, "form": form.title}
            )
        elif sheet.name in key.tables:
            tables.setdefault((form.id, key.tables[sheet.name]), []).append(sheet)
        else:
            sheets.setdefault(form.id, []).append(sheet)
    parts = [Part(forms[name], tuple(found)) for name, found in sheets.items()]
    parts += _tables(forms, tables)
    return sorted(parts, key=lambda part: (ORDER.index(part.form.level), part.table is not None)), notes


def best_form(forms: Iterable[Form], sheet: Sheet, decided: Decisions) -> Form | None:
    """Return the form that most of the sheet's columns belong to; None where none fits."""
    best, most = None, 0
    for form in forms:
        block, named = best_layout(sheet, form, decided.given(form.id))
        if block is not None and named > most:
            best, most = form, named
    return best


def table_form(form: Form, table: Field) -> Form:
    """Return a form of a table's columns, to read its sheet by; units bring their own name along."""
    named = [one.model_copy(update={"id": OWN_NAME}) for one in form.fields if one.id == form.key]
    columns = [Field.model_validate({**column.model_dump(), "required": False}) for column in table.columns]
    section = form.sections[0].model_copy(update={"fields": (*named, *columns), "ask": ()})
    return form.model_copy(update={"sections": (section,), "checks": ()})


def _tables(forms: Mapping[str, Form], tables: Mapping[tuple[str, str], list[Sheet]]) -> list[Part]:
    return [
        Part(forms[form_id], tuple(found), table)
        for (form_id, name), found in tables.items()
        for table in forms[form_id].fields
        if table.id == name and table.type == "table"
    ]


def _check_key(wanted: Form | None, workbook: Workbook, key: Key) -> None:
    made_for = workbook.key.get("form", "")
    if wanted is None or not made_for or made_for == wanted.id or wanted.id in key.forms.values():
        return
    raise WorkbookError(
        _("这份表格是按“%(made_for)s”的模板做的，不是“%(form)s”。")
        % {"made_for": made_for, "form": wanted.title},
        hint=_("请选择对应的表再上传。"),
        reason="other_form",
    )
