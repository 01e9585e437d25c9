"""What the preview of a workbook shows: its sheets, how columns were read, and what may be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from greenward.packs.schema.forms import Form
from greenward.survey.models import ImportFile
from greenward.survey.workbooks.headings import (
    COMMUNITY_CODE,
    COMMUNITY_NAME,
    COMPOUND_NAME,
    DISTRICT,
    STREET,
)

MOST_OPTIONS = 6_000
"""More choices than this on one page make it slow: then only columns that nobody knows show theirs."""
WHERE: dict[str, str | Promise] = {
    COMMUNITY_CODE: _("社区代码"),
    COMMUNITY_NAME: _("社区名称"),
    STREET: _("街道"),
    DISTRICT: _("区"),
    COMPOUND_NAME: _("所属小区"),
}
ORIGINS: dict[str, str | Promise] = {
    "known": _("自动识别"),
    "given": _("按您的选择"),
    "remembered": _("按上次的对应"),
    "unknown": _("不认识"),
    "repeated": _("与前面的列重复"),
    "refused": _("表头不明确"),
}

Options = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Choices in groups: the group's title, then values with their labels."""


@dataclass(frozen=True)
class ColumnShown:
    """How a column was read, and what else it may mean; ``place`` tells it apart in what is sent."""

    place: int
    sheet: str
    letter: str
    heading: str
    meaning: str
    label: str
    origin: str
    options: Options | None


def columns_shown(file: ImportFile, forms: Mapping[str, Form], *, edit: str = "") -> list[ColumnShown]:
    """Return every heading of the workbook once; ``edit`` is the place of one whose choices are wanted."""
    listed: dict[tuple[str, str], dict[str, Any]] = {}
    for one in file.report.get("columns", []):
        listed.setdefault((one["form"], one["key"]), one)
    options = {name: options_of(form) for name, form in forms.items()}
    many = sum(_size(options.get(form, [])) for form, _key in listed) > MOST_OPTIONS
    return [
        ColumnShown(
            place,
            one["sheet"],
            one["letter"],
            one["heading"],
            one["meaning"],
            label_of(one["meaning"], forms.get(one["form"])),
            str(ORIGINS.get(one["origin"], one["origin"])),
            options.get(one["form"]) if not many or not one["meaning"] or edit == str(place) else None,
        )
        for place, one in enumerate(listed.values())
    ]


def options_of(form: Form) -> Options:
    """Return what a column of the form may mean, beside nothing."""
    where = [
        (mark, str(label))
        for mark, label in WHERE.items()
        if mark != COMPOUND_NAME or form.level == "building"
    ]
    sections = [
        (str(section.title), [(field.id, str(field.label)) for field in section.fields])
        for section in form.sections
    ]
    return [(str(_("是哪个社区")), where), *sections]


def label_of(meaning: str, form: Form | None) -> str:
    """Return what a meaning is called; empty for a column that is not read."""
    if not meaning:
        return ""
    if meaning in WHERE:
        return str(WHERE[meaning])
    found = next((field for field in form.fields if field.id == meaning), None) if form else None
    return str(found.label) if found else meaning


def labels(file: ImportFile, forms: Mapping[str, Form]) -> dict[tuple[str, str], str]:
    """Return what each column means in words, by sheet and letter."""
    return {
        (one["sheet"], one["letter"]): label_of(one["meaning"], forms.get(one["form"]))
        for one in file.report.get("columns", [])
    }


def _size(options: Options) -> int:
    return sum(len(group) for _title, group in options)
