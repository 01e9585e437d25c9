"""Cases: each situation judged by the pack's own standard, and compared with what it expects."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from greenward.core.months import after_months
from greenward.packs.loader.problems import Problem
from greenward.packs.loader.sheets import Sheet, word
from greenward.packs.rules import Dated, Judgement, RuleReader, RuleValue, Situation
from greenward.packs.schema.cases import Case, FactValue, Judged, Observed
from greenward.packs.schema.facts import Fact
from greenward.packs.schema.pack import Pack


def try_cases(pack: Pack, sheets: list[Sheet], reader: RuleReader) -> Iterator[Problem]:
    """Yield every case whose outcome is another than expected; rules and names are known to be sound."""
    places = {word(sheet.data, "id"): sheet for sheet in sheets if sheet.kind.name == "case"}
    by_id = {case.id: case for case in pack.cases}
    for case in pack.cases:
        sheet = places[case.id]
        try:
            situations = [case_values(pack, by_id[each], by_id) for each in (case.id, *case.beside)]
        except CaseError as error:
            yield sheet.problem(error.path, error.code, str(error))
        else:
            found = reader.judge(pack, situations, case.as_of)
            yield from _compare(pack, case, found, sheet)


class CaseError(Exception):
    """A case gives a value that its fact cannot have, or rests on itself."""

    def __init__(self, code: str, message: str, path: tuple[str, ...]) -> None:
        super().__init__(message)
        self.code = code
        self.path = path


def case_values(pack: Pack, case: Case, by_id: Mapping[str, Case]) -> Situation:
    """Return the facts of a case as the rule engine wants them, with those of the cases it is based on."""
    chain = [case]
    while chain[-1].based_on is not None:
        earlier = by_id[chain[-1].based_on]
        if earlier in chain:
            raise CaseError("circular_reference", _("案例的 based_on 绕成了圈；请断开。"), ("based_on",))
        chain.append(earlier)
    stated: dict[str, FactValue] = {}
    for each in reversed(chain):
        stated |= each.facts
    return {name: _value(pack.fact_by_id[name], value) for name, value in stated.items()}


def _value(fact: Fact, value: FactValue) -> RuleValue | Judged | Dated:
    if isinstance(value, Observed):
        plain = _value(fact, value.value)
        until = None if fact.valid_months is None else after_months(value.on, fact.valid_months)
        return plain if plain is None or isinstance(plain, Judged | Dated) else Dated(plain, value.on, until)
    fits = {
        "bool": isinstance(value, bool),
        "count": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | Decimal) and not isinstance(value, bool),
        "judgement": isinstance(value, Judged),
    }.get(fact.type, isinstance(value, str))
    if value is not None and fact.type == "date" and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            fits = False
    if value is not None and not fits:
        sentence = _("事实“{fact}”的类型是 {type}，不能是 {value}。")
        raise CaseError(
            "wrong_type", sentence.format(fact=fact.id, type=fact.type, value=value), ("facts", fact.id)
        )
    return value


def _compare(pack: Pack, case: Case, found: Judgement, sheet: Sheet) -> Iterator[Problem]:
    expect = case.expect
    if found.verdict != expect.verdict:
        sentence = _("案例“{title}”的结论应为 {wanted}，规则得出 {got}。")
        text = sentence.format(title=case.title, wanted=expect.verdict, got=found.verdict)
        yield sheet.problem(("expect", "verdict"), "case_failed", text)
    if expect.level is not None and found.level != expect.level:
        sentence = _("案例“{title}”的等级应为 {wanted}，规则得出 {got}。")
        text = sentence.format(title=case.title, wanted=expect.level, got=found.level)
        yield sheet.problem(("expect", "level"), "case_failed", text)
    yield from _items(pack, case, found, sheet)
    yield from _points(case, found, sheet)


def _items(pack: Pack, case: Case, found: Judgement, sheet: Sheet) -> Iterator[Problem]:
    for item, wanted, got in statuses(pack, case, found):
        if got != wanted:
            path = ("expect", "items", item) if item in case.expect.items else ("expect", "others")
            sentence = _("案例“{title}”第{item}项应为 {wanted}，规则得出 {got}。")
            text = sentence.format(title=case.title, item=item, wanted=wanted, got=got)
            yield sheet.problem(path, "case_failed", text)


def statuses(pack: Pack, case: Case, found: Judgement) -> Iterator[tuple[str, str, str]]:
    """Yield item or indicator, expected and found status; a named item speaks for its indicators.

    A district's own indicators are compared only where they are named.
    """
    named = case.expect.items
    parts = {part.id for item in pack.item_by_id.values() if item.id in named for part in item.indicators}
    parts |= {own.id for refinement in pack.refinements for own in refinement.indicators}
    for item, got in found.items.items():
        wanted = named.get(item, None if item in parts else case.expect.others)
        if wanted is not None:
            yield item, wanted, got


def _points(case: Case, found: Judgement, sheet: Sheet) -> Iterator[Problem]:
    for name, given in case.expect.points.items():
        wanted = (given, given) if isinstance(given, Decimal) else given
        got = found.points.get(name)
        if got is None or tuple(map(Decimal, got)) != wanted:
            sentence = _("案例“{title}”的“{name}”应得 {wanted} 分，规则得出 {got}。")
            text = sentence.format(
                title=case.title, name=name, wanted=points_in_words(wanted), got=points_in_words(got)
            )
            yield sheet.problem(("expect", "points", name), "case_failed", text)


def points_in_words(points: tuple[Decimal, Decimal] | None) -> str:
    """Return points, or the least and the most of them, in words."""
    if points is None:
        return _("没有分数")
    low, high = (f"{each.normalize():f}" for each in points)
    return low if low == high else f"{low}–{high}"
