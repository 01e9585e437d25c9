"""Fields and forms: each field holds together, and each form has what its level needs."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from greenward.packs.loader.dictionary import Asked, Asking, Dictionary, field_types, home
from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Entry, Sheet, word

PARENTS = {"compound": "community", "building": "compound", "facility": "community"}
"""Whose form the parent of a level's form is."""
COMPARED = ("count", "number")
LIMITED = ("count", "number", "year")


def check_fields(sheets: list[Sheet], dictionary: Dictionary, asking: Asking) -> Iterator[Problem]:
    """Yield contradictions inside fields, and inside forms with what they ask."""
    for sheet in sheets:
        known = field_types(asking.get(sheet.file, dictionary.of(sheet).values()))
        for path, field in sheet.fields():
            yield from _answers(sheet, path, field)
            yield from _columns(sheet, path, field)
            yield from _comparison(sheet, path, field, known)
    forms = {word(sheet.data, "id"): sheet for sheet in sheets if sheet.kind.name == "form"}
    for form in forms.values():
        yield from _headings(asking[form.file])
        yield from _rows(form, forms, field_types(asking[form.file]))
    yield from _one_each(sheets)


def _answers(sheet: Sheet, path: Path, field: Entry) -> Iterator[Problem]:
    """Yield limits and choices that do not go with the type."""
    least, most, choices, kind = (field.get(key) for key in ("min", "max", "choices", "type"))
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        yield sheet.problem((*path, "min"), "disagreement", _("min 不能大于 max。"))
    for key in ("min", "max"):
        if key in field and kind not in LIMITED:
            sentence = _("min、max 只用于 count、number、year。")
            yield sheet.problem((*path, key), "disagreement", sentence, at_key=True)
    if "decimals" in field and kind != "number":
        yield sheet.problem((*path, "decimals"), "disagreement", _("decimals 只用于 number。"), at_key=True)
    enough = isinstance(choices, list) and len(choices) > 1
    if (kind == "choice") != enough:
        sentence = _("type 为 choice 的字段要有至少两个 choices，其他字段不能有。")
        yield sheet.problem((*path, "type"), "disagreement", sentence)


def _columns(sheet: Sheet, path: Path, field: Entry) -> Iterator[Problem]:
    """Yield a table without columns, columns without a table, and columns that contradict themselves."""
    columns = list(sheet.entries(*path, "columns"))
    if (word(field, "type") == "table") != bool(columns):
        sentence = _("type 为 table 的字段要有 columns，其他字段不能有。")
        yield sheet.problem((*path, "type"), "disagreement", sentence)
    for place, column in columns:
        yield from _answers(sheet, place, column)
    yield from _headings(Asked(column, sheet, place, place) for place, column in columns)


def _comparison(sheet: Sheet, path: Path, field: Entry, known: Mapping[str, str]) -> Iterator[Problem]:
    for key in ("usual_change", "compare_by"):
        if key in field and word(field, "type") not in COMPARED:
            sentence = _("{key} 只用于 count 和 number。").format(key=key)
            yield sheet.problem((*path, key), "disagreement", sentence, at_key=True)
    name = word(field, "compare_by")
    if not name:
        return
    if name == word(field, "id"):
        yield sheet.problem((*path, "compare_by"), "circular_reference", _("不能和自己相比。"))
    elif name not in known:
        sentence = _("本级没有字段“{name}”。{hint}").format(name=name, hint=did_you_mean(name, known))
        yield sheet.problem((*path, "compare_by"), "broken_reference", sentence)
    elif known[name] not in COMPARED:
        sentence = _("“{name}”不是数；compare_by 要写 count 或 number 字段。").format(name=name)
        yield sheet.problem((*path, "compare_by"), "disagreement", sentence)


def _headings(asked: Iterator[Asked] | tuple[Asked, ...]) -> Iterator[Problem]:
    """Yield column headings that would lead to two fields of one form, or to two columns of one table."""
    owners: dict[str, str] = {}
    for one in asked:
        aliases = one.entry.get("aliases")
        headings: list[tuple[Path, object]] = [((*one.path, "label"), word(one.entry.get("label"), "zh"))]
        if isinstance(aliases, list):
            headings += [((*one.path, "aliases", number), alias) for number, alias in enumerate(aliases)]
        for place, heading in headings:
            if not isinstance(heading, str) or not heading:
                continue
            owner = owners.setdefault(heading, one.id)
            if owner != one.id:
                sentence = _("列名“{heading}”已属于字段“{field}”；请删去一个。")
                text = sentence.format(heading=heading, field=owner)
                yield one.sheet.problem(place, "duplicate_id", text)


def _rows(form: Sheet, forms: Mapping[str, Sheet], fields: Mapping[str, str]) -> Iterator[Problem]:
    data = form.data if isinstance(form.data, dict) else {}
    key, level = word(data, "key"), word(data, "level")
    if key and key not in fields:
        sentence = _("本表没有字段“{name}”。{hint}").format(name=key, hint=did_you_mean(key, fields))
        yield form.problem(("key",), "broken_reference", sentence)
    elif key and fields[key] != "text":
        yield form.problem(("key",), "disagreement", _("key 要写 text 类型的字段。"))
    if level not in PARENTS:
        return
    if not {"key", "parent"} <= data.keys():
        sentence = _("小区、楼栋、设施的表要写 parent（上级表）和 key（区分各行的字段）。")
        yield form.problem(("level",), "disagreement", sentence)
    parent = forms.get(word(data, "parent"))
    if parent is not None and word(parent.data, "level") != PARENTS[level]:
        sentence = _("{level} 的上级表应是 {wanted} 的表，“{name}”不是。")
        text = sentence.format(level=level, wanted=PARENTS[level], name=word(data, "parent"))
        yield form.problem(("parent",), "disagreement", text)


def _one_each(sheets: list[Sheet]) -> Iterator[Problem]:
    """Yield a second form for the same level: a place would not know which one is its own."""
    first: dict[tuple[str, str], Sheet] = {}
    for form in (sheet for sheet in sheets if sheet.kind.name == "form"):
        level, sort = home(form)
        earlier = first.setdefault((level, sort), form)
        if level and earlier is not form:
            sentence = _("{level} 已有表 {file}；请把问题并到一张表里。")
            text = sentence.format(level=f"{level} {sort}".strip(), file=earlier.file)
            yield form.problem(("level",), "duplicate_id", text)
