"""Forms and facts: what a form asks holds together, and facts take from forms what forms give."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Sheet

Entry = dict[str, object]

GIVES = {"year": "count"}
"""Types of fields whose facts bear another type."""
WORKS_ON = {"count_true": ("bool",), "sum": ("count", "number")}
"""Types of fields that an aggregate can work on."""


def check_fields(sheets: list[Sheet]) -> Iterator[Problem]:
    """Yield contradictions inside forms, and facts that no form can give."""
    forms = {
        str(sheet.data.get("id")): sheet
        for sheet in sheets
        if _is_form(sheet) and isinstance(sheet.data, dict)
    }
    for form in forms.values():
        yield from _headings(form)
        yield from _limits(form)
        yield from _rows(form)
    for sheet in (sheet for sheet in sheets if sheet.kind.name == "facts"):
        for path, fact in sheet.entries():
            origin = fact.get("origin")
            if isinstance(origin, dict) and origin.get("form") in forms:
                form = forms[str(origin["form"])]
                yield from _origin(sheet, path, fact, origin, form)


def _is_form(sheet: Sheet) -> bool:
    return sheet.kind.name == "form"


def _headings(form: Sheet) -> Iterator[Problem]:
    """Yield column headings that would lead to two fields."""
    owners: dict[str, str] = {}
    for path, field in form.fields():
        label, aliases, name = field.get("label"), field.get("aliases"), str(field.get("id"))
        headings: list[tuple[Path, object]] = []
        if isinstance(label, dict):
            headings.append(((*path, "label"), label.get("zh")))
        if isinstance(aliases, list):
            headings += [((*path, "aliases", number), alias) for number, alias in enumerate(aliases)]
        for place, heading in headings:
            owner = owners.setdefault(str(heading), name)
            if owner != name:
                sentence = _("列名“{heading}”已属于字段“{field}”；请删去一个。").format(
                    heading=heading, field=owner
                )
                yield form.problem(place, "duplicate_id", sentence)


def _limits(form: Sheet) -> Iterator[Problem]:
    for path, field in form.fields():
        least, most, choices = field.get("min"), field.get("max"), field.get("choices")
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield form.problem((*path, "min"), "disagreement", _("min 不能大于 max。"))
        enough = isinstance(choices, list) and len(choices) > 1
        if (field.get("type") == "choice") != enough:
            sentence = _("type 为 choice 的字段要有至少两个 choices，其他字段不能有。")
            yield form.problem((*path, "type"), "disagreement", sentence)


def _rows(form: Sheet) -> Iterator[Problem]:
    data = form.data if isinstance(form.data, dict) else {}
    key, fields = data.get("key"), form.field_types()
    if key is not None and key not in fields:
        sentence = _("本表没有字段“{name}”。{hint}").format(name=key, hint=did_you_mean(str(key), fields))
        yield form.problem(("key",), "broken_reference", sentence)
    if data.get("level") == "compound" and not {"key", "parent"} <= data.keys():
        sentence = _("小区表要写 parent（上级表）和 key（区分各行的字段）。")
        yield form.problem(("level",), "disagreement", sentence)


def _origin(sheet: Sheet, path: Path, fact: Entry, origin: Entry, form: Sheet) -> Iterator[Problem]:
    here, where = (*path, "origin"), origin.get("where")
    repeated = isinstance(form.data, dict) and form.data.get("level") == "compound"
    if ("aggregate" in origin) != repeated:
        sentence = _("取自小区表要写 aggregate（count、count_true、sum），取自社区表不写。")
        yield sheet.problem(here, "disagreement", sentence)
        return
    fields = form.field_types()
    wanted: list[tuple[Path, object]] = [((*here, "field"), origin["field"])] if "field" in origin else []
    if isinstance(where, dict) and "field" in where:
        wanted.append(((*here, "where", "field"), where["field"]))
    broken = [(place, name) for place, name in wanted if name not in fields]
    for place, name in broken:
        sentence = _("表“{form}”里没有字段“{name}”。{hint}")
        hint = did_you_mean(str(name), fields)
        yield sheet.problem(
            place, "broken_reference", sentence.format(form=origin["form"], name=name, hint=hint)
        )
    if not broken:
        yield from _type(sheet, path, fact, origin, fields)
        if isinstance(where, dict):
            yield from _where(sheet, (*here, "where"), where, form)


def _type(sheet: Sheet, path: Path, fact: Entry, origin: Entry, fields: dict[str, str]) -> Iterator[Problem]:
    aggregate, field_type = origin.get("aggregate"), fields.get(str(origin.get("field")), "")
    if aggregate in WORKS_ON and field_type not in WORKS_ON[str(aggregate)]:
        sentence = _("{aggregate} 要写 field，且只能用于这些类型的字段：{types}。")
        types = ", ".join(WORKS_ON[str(aggregate)])
        place = (*path, "origin", "field")
        yield sheet.problem(place, "disagreement", sentence.format(aggregate=aggregate, types=types))
        return
    counted = aggregate in ("count", "count_true")
    given = "count" if counted else GIVES.get(field_type, field_type)
    if given != fact.get("type"):
        sentence = _("类型写成 {wrong}，而来源给出的是 {right}。").format(wrong=fact.get("type"), right=given)
        yield sheet.problem((*path, "type"), "disagreement", sentence)


def _where(sheet: Sheet, path: Path, where: Entry, form: Sheet) -> Iterator[Problem]:
    field = next(field for _path, field in form.fields() if field.get("id") == where.get("field"))
    choices, wanted = field.get("choices"), where.get("any_of")
    if field.get("type") != "choice" or not isinstance(choices, list) or not isinstance(wanted, list):
        return
    values = [str(choice.get("value")) for choice in choices if isinstance(choice, dict)]
    for number, value in enumerate(wanted):
        if value not in values:
            sentence = _("字段“{field}”没有选项“{name}”。{hint}")
            hint = did_you_mean(str(value), values)
            text = sentence.format(field=where.get("field"), name=value, hint=hint)
            yield sheet.problem((*path, "any_of", number), "broken_reference", text)
