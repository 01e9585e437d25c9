"""A form of the survey as XLSForm: survey, choices and settings, in Chinese and English."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from django.utils import translation
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Choice, Column, Field, Form
from greenward.packs.schema.shape import Bilingual
from greenward.survey.models import Round
from greenward.survey.xlsform.conditions import Conditions, Left, bounds, conditions_of
from greenward.survey.xlsform.naming import (
    FORM,
    PLACE_QUESTIONS,
    ROUND,
    STARTED,
    TODAY,
    WHERE,
    YES_NO,
    cell_name,
    form_id,
    group_name,
    is_carried,
    version_of,
)
from greenward.survey.xlsform.places import Listed
from greenward.territories.models import Level

ZH, EN = "中文 (zh)", "English (en)"
SURVEY = (
    "type", "name", f"label::{ZH}", f"label::{EN}", f"hint::{ZH}", f"hint::{EN}", "required", "relevant",
    "constraint", f"constraint_message::{ZH}", f"constraint_message::{EN}", "calculation", "choice_filter",
    "appearance",
)  # fmt: skip
CHOICES = ("list_name", "name", f"label::{ZH}", f"label::{EN}", "parent")
SETTINGS = ("form_title", "form_id", "version", "default_language")
TYPES = {
    "count": "integer",
    "year": "integer",
    "number": "decimal",
    "date": "date",
    "text": "text",
    "position": "geopoint",
    "bool": f"select_one {YES_NO}",
}
MANY_CHOICES = 7

Row = dict[str, str]


@dataclass(frozen=True)
class Made:
    """An XLSForm: the workbook, its id and version, the rules and the fields that it does not carry."""

    content: bytes
    form_id: str
    version: str
    left: tuple[Left, ...]
    left_fields: tuple[str, ...]


def export(form: Form, held: Round, places: Listed, digest: str) -> Made:
    """Return the XLSForm of one of the round's forms; ``digest`` is that of the pack's edition."""
    conditions = conditions_of(form)
    version = version_of(held, digest)
    settings = {
        "form_title": f"{form.title.zh} · {held.title}",
        "form_id": form_id(form),
        "version": version,
        "default_language": ZH,
    }
    left_fields = tuple(field.id for field in form.fields if not is_carried(field))
    survey = [*_beginning(held, form), *_where(form, places), *_sections(form, conditions)]
    sheets = {
        "survey": (SURVEY, survey),
        "choices": (CHOICES, list(_choices(form, places))),
        "settings": (SETTINGS, [settings]),
    }
    return Made(_workbook(sheets), form_id(form), version, tuple(conditions.left), left_fields)


def _beginning(held: Round, form: Form) -> Iterator[Row]:
    yield {"type": "start", "name": STARTED}
    yield {"type": "today", "name": TODAY}
    yield {"type": "calculate", "name": ROUND, "calculation": f"'{held.code}'"}
    yield {"type": "calculate", "name": FORM, "calculation": f"'{form.id}'"}


def _where(form: Form, places: Listed) -> Iterator[Row]:
    yield {
        "type": "begin_group",
        "name": WHERE,
        **_labels(_in_both(lambda: _("哪个地方"))),
        "appearance": "field-list",
    }
    if places.typed:
        yield from _typed(form)
    for number, (level, choices) in enumerate(places.lists):
        before = places.names[number - 1] if number else ""
        if not choices:
            continue
        last = number == len(places.lists) - 1 and form.key is not None and level.value == form.level
        yield {
            "type": f"select_one {_list_of(level)}",
            "name": PLACE_QUESTIONS[level],
            **_labels(_in_both(lambda level=level: str(level.label))),  # type: ignore[misc]
            **(_hints(_new_unit()) if last else {}),
            "required": "" if last else "yes",
            "choice_filter": f"parent = ${{{before}}}" if before else "",
            "appearance": "minimal autocomplete" if len(choices) > MANY_CHOICES else "",
        }
    yield {"type": "end_group"}


def _typed(form: Form) -> Iterator[Row]:
    yield {
        "type": "text",
        "name": PLACE_QUESTIONS[Level.COMMUNITY],
        **_labels(_in_both(lambda: _("社区代码"))),
        **_hints(_in_both(lambda: _("12位统计用区划代码。"))),
        "required": "yes",
        "constraint": "regex(., '^[0-9]{12}$')",
        **_messages(_in_both(lambda: _("应是12位数字。"))),
    }
    levels = {"building": (Level.COMPOUND, Level.BUILDING)}.get(form.level, (Level(form.level),))
    for level in levels if form.key is not None else ():
        yield {
            "type": "text",
            "name": PLACE_QUESTIONS[level],
            **_labels(_in_both(lambda level=level: _("%(level)s代码") % {"level": level.label})),  # type: ignore[misc]
            **(_hints(_new_unit()) if level.value == form.level else {}),
            "required": "" if level.value == form.level else "yes",
            "constraint": "regex(., '^[0-9]{12}(-[F0-9]{3,4})+$')",
            **_messages(_in_both(lambda: _("应是名册上的代码，如 110101001001-001。"))),
        }


def _new_unit() -> Bilingual:
    return _in_both(lambda: _("已在名册上的请选择；新的留空，填写名称。"))


def _sections(form: Form, conditions: Conditions) -> Iterator[Row]:
    for section in form.sections:
        fields = [field for field in section.fields if is_carried(field)]
        if not fields:
            continue
        yield {"type": "begin_group", "name": group_name(section.id), **_labels(section.title)}
        for field in fields:
            yield from _field(field, conditions)
        yield {"type": "end_group"}


def _field(field: Field, conditions: Conditions) -> Iterator[Row]:
    relevant = conditions.relevant.get(field.id, "")
    if field.type == "table":
        yield {
            "type": "begin_repeat", "name": field.id, **_labels(_titled(field)), "relevant": relevant,
        }  # fmt: skip
        for column in field.columns:
            yield {
                **_question(column, cell_name(field, column), f"{field.id}_{column.id}"),
                **_bounded(column, []),
            }
        yield {"type": "end_repeat"}
    else:
        yield {
            **_question(field, field.id, field.id),
            "relevant": relevant,
            **_bounded(field, conditions.constraints.get(field.id, [])),
        }
    for one in conditions.warnings.get(field.id, ()):
        text = Bilingual(zh=f"⚠ {one.message.zh}", en=f"⚠ {one.message.en}")
        yield {
            "type": "note",
            "name": f"note_{one.id.replace('-', '_')}",
            **_labels(text),
            "relevant": one.when,
        }


def _question(one: Field | Column, name: str, list_name: str) -> Row:
    kind = f"select_one {list_name}" if one.type == "choice" else TYPES[one.type]
    row = {"type": kind, "name": name, **_labels(_titled(one)), "required": "yes" if one.required else ""}
    if one.help is not None:
        row |= _hints(one.help)
    if len(one.choices) > MANY_CHOICES:
        row["appearance"] = "minimal"
    return row


def _bounded(one: Field | Column, checks: Sequence[tuple[str, Bilingual]]) -> Row:
    own = bounds(one)
    parts = [(own, _bounds_message(one)), *checks] if own else list(checks)
    if not parts:
        return {}
    said = Bilingual(
        zh=" ".join(text.zh for _part, text in parts), en=" ".join(text.en for _part, text in parts)
    )
    return {"constraint": " and ".join(f"({part})" for part, _text in parts), **_messages(said)}


def _bounds_message(one: Field | Column) -> Bilingual:
    least = one.min if one.min is not None else 0
    if one.max is None:
        return _in_both(lambda: _("不能小于 %(min)s。") % {"min": least})
    return _in_both(lambda: _("应在 %(min)s 和 %(max)s 之间。") % {"min": least, "max": one.max})


def _choices(form: Form, places: Listed) -> Iterator[Row]:
    yes_no = (
        Choice(value="yes", label=_in_both(lambda: _("是"))),
        Choice(value="no", label=_in_both(lambda: _("否"))),
    )
    lists: dict[str, Sequence[Choice]] = {YES_NO: yes_no}
    for field in form.fields:
        lists[field.id] = field.choices
        lists |= {cell_name(field, column): column.choices for column in field.columns}
    for name, choices in lists.items():
        for one in choices:
            yield {"list_name": name, "name": one.value, **_labels(one.label)}
    for level, listed in places.lists:
        for place in listed:
            label = Bilingual(zh=place.name, en=place.name)
            yield {"list_name": _list_of(level), "name": place.code, **_labels(label), "parent": place.parent}


def _list_of(level: Level) -> str:
    return f"list_{level.value}"


def _titled(one: Field | Column) -> Bilingual:
    if not one.unit:
        return one.label
    return Bilingual(zh=f"{one.label.zh}（{one.unit}）", en=f"{one.label.en} ({one.unit})")


def _in_both(say: Callable[[], str]) -> Bilingual:
    """Return what ``say`` says in both languages."""
    with translation.override("zh-hans"):
        zh = say()
    with translation.override("en"):
        return Bilingual(zh=zh, en=say())


def _labels(text: Bilingual) -> Row:
    return {f"label::{ZH}": text.zh, f"label::{EN}": text.en}


def _hints(text: Bilingual) -> Row:
    return {f"hint::{ZH}": text.zh, f"hint::{EN}": text.en}


def _messages(text: Bilingual) -> Row:
    return {f"constraint_message::{ZH}": text.zh, f"constraint_message::{EN}": text.en}


def _workbook(sheets: Mapping[str, tuple[Sequence[str], Sequence[Row]]]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, options)
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    for name, (columns, rows) in sheets.items():
        page = book.add_worksheet(name)
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 22, text)
        page.write_row(0, 0, columns, bold)
        for number, row in enumerate(rows, 1):
            for position, column in enumerate(columns):
                if row.get(column):
                    page.write_string(number, position, row[column])
    book.close()
    return buffer.getvalue()
