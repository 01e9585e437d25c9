"""The columns of a template: who a row is about, then the fields that a workbook can hold."""

from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Answerable, Field, Form
from greenward.survey.workbooks.grid import letter

IN_CELLS = frozenset({"bool", "count", "number", "choice", "date", "year", "text", "position"})


def leading(form: Form) -> tuple[str, ...]:
    """Return the headings before the fields: which community, and for buildings which compound."""
    street = (_("街道"),) if form.level == "community" else ()
    compound = (_("所属小区"),) if form.level == "building" else ()
    return (_("社区代码"), _("社区名称"), *street, *compound)


def in_cells(form: Form) -> tuple[Field, ...]:
    """Return the fields that stand in the form's own sheet: the name of a unit first."""
    own = [field for field in form.fields if field.type in IN_CELLS]
    return tuple(sorted(own, key=lambda field: field.id != form.key))


def tables_of(form: Form) -> tuple[Field, ...]:
    """Return the fields that have a sheet of their own."""
    return tuple(field for field in form.fields if field.type == "table")


def heading(one: Answerable) -> str:
    """Return a column's heading: label, unit in brackets, a star if required."""
    unit = f"（{one.unit}）" if one.unit else ""
    return f"{one.label}{unit}{'*' if one.required else ''}"


def explained(one: Answerable, kind: str) -> str:
    """Return how to fill a column in, in one sentence or two."""
    kinds = {
        "bool": _("是 / 否"),
        "count": _("整数，没有填 0"),
        "number": _("数字"),
        "choice": _("选一项：%(choices)s")
        % {"choices": "、".join(str(choice.label) for choice in one.choices)},
        "date": _("日期，如 2021-09-30"),
        "year": _("四位年份"),
        "text": _("文字"),
        "file": _("请在网页上上传文件，这里不填"),
        "position": _("经度,纬度，如 116.40740,39.90420"),
        "table": _("在单独的工作表中填写，一行一项"),
    }
    unit = _("，单位：%(unit)s") % {"unit": one.unit} if one.unit else ""
    return f"{kinds[kind]}{unit}。{one.help or ''}"


def area(column: int, first: int, last: int) -> str:
    """Return the rows of a column as Excel names them, fixed; all from 0."""
    name = letter(column)
    return f"${name}${first + 1}:${name}${last + 1}"
