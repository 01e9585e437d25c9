"""Groups and questions: each field defined once per level, each question leading to a field of its level."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from greenward.packs.loader.dictionary import Asked, Dictionary, Home, home
from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Sheet, word


def check_questions(sheets: list[Sheet], dictionary: Dictionary, unread: set[str]) -> Iterator[Problem]:
    """Yield fields defined twice for a level, questions that lead nowhere, and keys at the wrong place.

    unread: kinds of file of which one could not be read; a question may then lead there.
    """
    for again, first in dictionary.repeated:
        sentence = _("“{name}”已在 {file} 第{line}行定义过；请改名或删去。").format(
            name=again.id, file=first.sheet.file, line=first.sheet.line((*first.path, "id"))
        )
        yield again.sheet.problem((*again.path, "id"), "duplicate_id", sentence)
    for sheet in sheets:
        if sheet.kind.name == "dictionary":
            yield from _group(sheet)
        elif sheet.kind.name == "form":
            yield from _sort(sheet)
            yield from _sections(sheet, dictionary, whole="dictionary" not in unread)


def _group(sheet: Sheet) -> Iterator[Problem]:
    yield from _sort(sheet)
    for path, entry in sheet.fields():
        for key in ("required", "when"):
            if key in entry:
                sentence = _("是否必填、何时才问由表决定；请把 {key} 移到表的 ask 里。").format(key=key)
                yield sheet.problem((*path, key), "disagreement", sentence, at_key=True)


def _sort(sheet: Sheet) -> Iterator[Problem]:
    facility, has_sort = word(sheet.data, "level") == "facility", sheet.at(("sort",)) is not None
    if facility != has_sort:
        sentence = _("level 为 facility 时要写 sort（哪一种设施），其他情况不能写。")
        yield sheet.problem(("sort",) if has_sort else ("level",), "disagreement", sentence, at_key=True)


def _sections(form: Sheet, dictionary: Dictionary, *, whole: bool) -> Iterator[Problem]:
    known, seen = dictionary.of(form), dict[str, int]()
    for path, section in form.entries("sections"):
        if not section.get("ask") and not section.get("fields"):
            sentence = _("这一部分什么也没问；请写 ask 或 fields，或删去这一部分。")
            yield form.problem(path, "missing_key", sentence)
        for place, question in form.entries(*path, "ask"):
            here, name = (*place, "field"), word(question, "field")
            if name and name not in known:
                if whole:
                    yield form.problem(here, "broken_reference", _nowhere(name, home(form), dictionary))
            elif name:
                yield from _once(form, here, name, seen)
        for place, entry in form.entries(*path, "fields"):
            yield from _own(form, (*place, "id"), word(entry, "id"), known)


def _once(form: Sheet, place: Path, name: str, seen: dict[str, int]) -> Iterator[Problem]:
    line = form.line(place)
    if seen.setdefault(name, line) != line:
        sentence = _("本表第{line}行已经问过“{name}”；请删去一个。").format(line=seen[name], name=name)
        yield form.problem(place, "duplicate_id", sentence)


def _own(form: Sheet, place: Path, name: str, known: Mapping[str, Asked]) -> Iterator[Problem]:
    if name in known:
        sentence = _("字典 {file} 里已有“{name}”；请用 ask 来问，或另取名。").format(
            file=known[name].sheet.file, name=name
        )
        yield form.problem(place, "duplicate_id", sentence)


def _nowhere(name: str, wanted: Home, dictionary: Dictionary) -> str:
    for (level, sort), fields in dictionary.fields.items():
        if name in fields:
            sentence = _(
                "“{name}”是 {there} 的字段，这张表问的是 {here}；请改问本级的字段，或移到那一级的表。"
            )
            there, here = f"{level} {sort}".strip(), " ".join(wanted).strip()
            return sentence.format(name=name, there=there, here=here)
    hint = did_you_mean(name, dictionary.fields.get(wanted, {}))
    return _("字典（fields/）里没有字段“{name}”。{hint}").format(name=name, hint=hint)
