"""Forms and facts: what a form asks holds together, and facts take from forms what forms give."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Sheet, word

Entry = dict[str, object]

GIVES = {"year": "count"}
"""Types of fields whose facts bear another type."""
WORKS_ON = {"count_true": ("bool",), "sum": ("count", "number")}
"""Types of fields that an aggregate can work on."""


def check_fields(sheets: list[Sheet]) -> Iterator[Problem]:
    """Yield contradictions inside forms, and facts that no form can give."""
    forms = {word(sheet.data, "id"): sheet for sheet in sheets if sheet.kind.name == "form"}
    for form in forms.values():
        yield from _headings(form)
        yield from _limits(form)
        yield from _rows(form)
    for sheet in (sheet for sheet in sheets if sheet.kind.name == "facts"):
        for path, fact in sheet.entries():
            origin = fact.get("origin")
            if isinstance(origin, dict) and word(origin, "form") in forms:
                yield from _origin(sheet, path, fact, origin, forms[word(origin, "form")])


def _headings(form: Sheet) -> Iterator[Problem]:
    """Yield column headings that would lead to two fields."""
    owners: dict[str, str] = {}
    for path, field in form.fields():
        aliases, name = field.get("aliases"), word(field, "id")
        headings: list[tuple[Path, object]] = [((*path, "label"), word(field.get("label"), "zh"))]
        if isinstance(aliases, list):
            headings += [((*path, "aliases", number), alias) for number, alias in enumerate(aliases)]
        for place, heading in headings:
            if not isinstance(heading, str) or not heading:
                continue
            owner = owners.setdefault(heading, name)
            if owner != name:
                sentence = _("列名“{heading}”已属于字段“{field}”；请删去一个。")
                yield form.problem(place, "duplicate_id", sentence.format(heading=heading, field=owner))


def _limits(form: Sheet) -> Iterator[Problem]:
    for path, field in form.fields():
        least, most, choices = field.get("min"), field.get("max"), field.get("choices")
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            yield form.problem((*path, "min"), "disagreement", _("min 不能大于 max。"))
        enough = isinstance(choices, list) and len(choices) > 1
        if (word(field, "type") == "choice") != enough:
            sentence = _("type 为 choice 的字段要有至少两个 choices，其他字段不能有。")
            yield form.problem((*path, "type"), "disagreement", sentence)


def _rows(form: Sheet) -> Iterator[Problem]:
    data = form.data if isinstance(form.data, dict) else {}
    key, fields = word(data, "key"), form.field_types()
    if key and key not in fields:
        sentence = _("本表没有字段“{name}”。{hint}").format(name=key, hint=did_you_mean(key, fields))
        yield form.problem(("key",), "broken_reference", sentence)
    if word(data, "level") == "compound" and not {"key", "parent"} <= data.keys():
        sentence = _("小区表要写 parent（上级表）和 key（区分各行的字段）。")
        yield form.problem(("level",), "disagreement", sentence)


def _origin(sheet: Sheet, path: Path, fact: Entry, origin: Entry, form: Sheet) -> Iterator[Problem]:
    here, where = (*path, "origin"), origin.get("where")
    if ("aggregate" in origin) != (word(form.data, "level") == "compound"):
        sentence = _("取自小区表要写 aggregate（count、count_true、sum），取自社区表不写。")
        yield sheet.problem(here, "disagreement", sentence)
        return
    fields = form.field_types()
    wanted = [((*here, "field"), word(origin, "field")), ((*here, "where", "field"), word(where, "field"))]
    broken = [(place, name) for place, name in wanted if name and name not in fields]
    for place, name in broken:
        sentence = _("表“{form}”里没有字段“{name}”。{hint}")
        text = sentence.format(form=word(origin, "form"), name=name, hint=did_you_mean(name, fields))
        yield sheet.problem(place, "broken_reference", text)
    if not broken:
        yield from _type(sheet, path, fact, origin, fields)
        yield from _where(sheet, (*here, "where"), where, form)


def _type(sheet: Sheet, path: Path, fact: Entry, origin: Entry, fields: dict[str, str]) -> Iterator[Problem]:
    aggregate, field_type = word(origin, "aggregate"), fields.get(word(origin, "field"), "")
    if aggregate in WORKS_ON and field_type not in WORKS_ON[aggregate]:
        sentence = _("{aggregate} 要写 field，且只能用于这些类型的字段：{types}。")
        text = sentence.format(aggregate=aggregate, types=", ".join(WORKS_ON[aggregate]))
        yield sheet.problem((*path, "origin", "field"), "disagreement", text)
        return
    counted = aggregate in ("count", "count_true")
    given, written = "count" if counted else GIVES.get(field_type, field_type), word(fact, "type")
    if given and written and given != written:
        sentence = _("类型写成 {wrong}，而来源给出的是 {right}。").format(wrong=written, right=given)
        yield sheet.problem((*path, "type"), "disagreement", sentence)


def _where(sheet: Sheet, path: Path, where: object, form: Sheet) -> Iterator[Problem]:
    """Yield values of a condition that the choices of its field do not have."""
    name, wanted = word(where, "field"), where.get("any_of") if isinstance(where, dict) else None
    choices = next(
        (field.get("choices") for _path, field in form.fields() if word(field, "id") == name), None
    )
    if not isinstance(choices, list) or not isinstance(wanted, list):
        return
    values = [word(choice, "value") for choice in choices]
    for number, value in enumerate(wanted):
        if isinstance(value, str) and value not in values:
            sentence = _("字段“{field}”没有选项“{name}”。{hint}")
            text = sentence.format(field=name, name=value, hint=did_you_mean(value, values))
            yield sheet.problem((*path, "any_of", number), "broken_reference", text)
