"""Facts: each takes from a form what the form gives."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from greenward.packs.loader.dictionary import Asked, Asking, field_types
from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem, did_you_mean
from greenward.packs.loader.sheets import Entry, Sheet, word

GIVES = {"year": "count"}
"""Types of fields whose facts bear another type."""
EARLIER = {"judgement": "number"}
"""Types of facts whose earlier values bear another type: nobody judges what was judged."""
RECORDS = {"count": "count", "days": "count", "last": "date"}
"""Types of facts that figures over records give."""
NO_FACT = ("file", "position", "table")
"""Types of fields that are no fact: no rule can compare them."""
WORKS_ON = {"count_true": ("bool",), "sum": ("count", "number")}
"""Types of fields that an aggregate can work on."""


def check_origins(sheets: list[Sheet], asking: Asking) -> Iterator[Problem]:
    """Yield facts that no form can give."""
    forms = {word(sheet.data, "id"): sheet for sheet in sheets if sheet.kind.name == "form"}
    told = [sheet for sheet in sheets if sheet.kind.name == "facts"]
    known = {word(fact, "id"): fact for sheet in told for _path, fact in sheet.entries()}
    for sheet in told:
        for path, fact in sheet.entries():
            origin = fact.get("origin")
            if isinstance(origin, dict) and "earlier" in origin:
                yield from _earlier(sheet, path, fact, origin, known)
            elif isinstance(origin, dict) and "records" in origin:
                yield from _typed(sheet, path, fact, RECORDS.get(word(origin, "gives"), ""))
            elif word(fact, "type") == "judgement" and isinstance(origin, dict) and "source" not in origin:
                sentence = _("评判（judgement）由评审人给出；origin 请写 source。")
                yield sheet.problem((*path, "origin"), "disagreement", sentence)
            if "valid_months" in fact and isinstance(origin, dict) and "source" not in origin:
                sentence = _("摸底答案的有效期写在字段字典里；事实的 valid_months 只用于 source。")
                yield sheet.problem((*path, "valid_months"), "disagreement", sentence, at_key=True)
            if isinstance(origin, dict) and word(origin, "form") in forms:
                form = forms[word(origin, "form")]
                asked = {one.id: one for one in asking[form.file]}
                yield from _origin(sheet, path, fact, form, asked)


def _earlier(
    sheet: Sheet, path: Path, fact: Entry, origin: Entry, known: Mapping[str, Entry]
) -> Iterator[Problem]:
    """Yield an earlier value of an earlier value, and one of another type than the fact's."""
    of = known.get(word(origin, "earlier"))
    if of is None:  # a reference to nothing is told elsewhere
        return
    behind = of.get("origin")
    if isinstance(behind, dict) and "earlier" in behind:
        sentence = _("“{name}”自己就是以前的值；请直接写它所取的事实，月数相加。")
        text = sentence.format(name=word(origin, "earlier"))
        yield sheet.problem((*path, "origin", "earlier"), "disagreement", text)
    yield from _typed(sheet, path, fact, EARLIER.get(word(of, "type"), word(of, "type")))


def _typed(sheet: Sheet, path: Path, fact: Entry, given: str) -> Iterator[Problem]:
    """Yield a type that is another than what the origin gives; an empty one was faulted elsewhere."""
    written = word(fact, "type")
    if written and given and written != given:
        sentence = _("类型写成 {wrong}，而来源给出的是 {right}。").format(wrong=written, right=given)
        yield sheet.problem((*path, "type"), "disagreement", sentence)


def _origin(
    sheet: Sheet, path: Path, fact: Entry, form: Sheet, asked: Mapping[str, Asked]
) -> Iterator[Problem]:
    here = (*path, "origin")
    origin = fact["origin"] if isinstance(fact["origin"], dict) else {}
    where = origin.get("where")
    if ("aggregate" in origin) == (word(form.data, "level") == "community"):
        sentence = _("取自社区表不写 aggregate；取自小区、楼栋、设施的表要写（count、count_true、sum）。")
        yield sheet.problem(here, "disagreement", sentence)
        return
    wanted = [((*here, "field"), word(origin, "field")), ((*here, "where", "field"), word(where, "field"))]
    broken = [(place, name) for place, name in wanted if name and name not in asked]
    for place, name in broken:
        sentence = _("表“{form}”里没有字段“{name}”。{hint}")
        text = sentence.format(form=word(origin, "form"), name=name, hint=did_you_mean(name, asked))
        yield sheet.problem(place, "broken_reference", text)
    if not broken:
        yield from _type(sheet, path, fact, origin, field_types(asked.values()))
        yield from _where(sheet, (*here, "where"), where, asked)


def _type(sheet: Sheet, path: Path, fact: Entry, origin: Entry, fields: dict[str, str]) -> Iterator[Problem]:
    aggregate, field_type = word(origin, "aggregate"), fields.get(word(origin, "field"), "")
    if aggregate in WORKS_ON and field_type not in WORKS_ON[aggregate]:
        sentence = _("{aggregate} 要写 field，且只能用于这些类型的字段：{types}。")
        text = sentence.format(aggregate=aggregate, types=", ".join(WORKS_ON[aggregate]))
        yield sheet.problem((*path, "origin", "field"), "disagreement", text)
        return
    if field_type in NO_FACT:
        sentence = _("{type} 类型的字段不能成为事实；请另设是/否或数字字段。").format(type=field_type)
        yield sheet.problem((*path, "origin", "field"), "disagreement", sentence)
        return
    counted = aggregate in ("count", "count_true")
    given = "count" if counted else GIVES.get(field_type, field_type)
    yield from _typed(sheet, path, fact, given)


def _where(sheet: Sheet, path: Path, where: object, asked: Mapping[str, Asked]) -> Iterator[Problem]:
    """Yield values of a condition that its field does not have."""
    name, wanted = word(where, "field"), where.get("any_of") if isinstance(where, dict) else None
    if name not in asked or not isinstance(wanted, list):
        return
    choices = asked[name].entry.get("choices")
    if asked[name].type not in ("bool", "choice"):
        sentence = _("where 只能用 bool 或 choice 类型的字段。")
        yield sheet.problem((*path, "field"), "disagreement", sentence)
        return
    values = [word(choice, "value") for choice in (choices if isinstance(choices, list) else ())]
    for number, value in enumerate(wanted):
        if isinstance(value, str) and value not in values:
            sentence = _("字段“{field}”没有选项“{name}”。{hint}")
            text = sentence.format(field=name, name=value, hint=did_you_mean(value, values))
            yield sheet.problem((*path, "any_of", number), "broken_reference", text)
