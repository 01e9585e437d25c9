"""Cases: each situation judged by the pack's own standard, and compared with what it expects."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from greenward.packs.loader.problems import Problem
from greenward.packs.loader.sheets import Sheet, word
from greenward.packs.rules import RuleReader, RuleValue
from greenward.packs.schema.cases import Case, FactValue
from greenward.packs.schema.facts import Fact
from greenward.packs.schema.pack import Pack


def try_cases(pack: Pack, sheets: list[Sheet], reader: RuleReader) -> Iterator[Problem]:
    """Yield every case whose outcome is another than expected; rules and names are known to be sound."""
    places = {word(sheet.data, "id"): sheet for sheet in sheets if sheet.kind.name == "case"}
    by_id = {case.id: case for case in pack.cases}
    for case in pack.cases:
        sheet = places[case.id]
        try:
            values = case_values(pack, case, by_id)
        except CaseError as error:
            yield sheet.problem(error.path, error.code, str(error))
        else:
            yield from _compare(pack, case, values, sheet, reader)


class CaseError(Exception):
    """A case gives a value that its fact cannot have, or rests on itself."""

    def __init__(self, code: str, message: str, path: tuple[str, ...]) -> None:
        super().__init__(message)
        self.code = code
        self.path = path


def case_values(pack: Pack, case: Case, by_id: Mapping[str, Case]) -> dict[str, RuleValue]:
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


def _value(fact: Fact, value: FactValue) -> RuleValue:
    fits = {
        "bool": isinstance(value, bool),
        "count": isinstance(value, int) and not isinstance(value, bool),
        "number": isinstance(value, int | Decimal) and not isinstance(value, bool),
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


def _compare(
    pack: Pack, case: Case, values: dict[str, RuleValue], sheet: Sheet, reader: RuleReader
) -> Iterator[Problem]:
    known = values | {parameter.id: parameter.value for parameter in pack.parameters}
    main = reader.judge(pack.standard.items, known, case.as_of)
    extra = reader.judge(pack.standard.supplements, known, case.as_of)
    if main.verdict != case.expect.verdict:
        sentence = _("案例“{title}”的结论应为 {wanted}，规则得出 {got}。")
        text = sentence.format(title=case.title, wanted=case.expect.verdict, got=main.verdict)
        yield sheet.problem(("expect", "verdict"), "case_failed", text)
    for item, got in {**main.items, **extra.items}.items():
        wanted = case.expect.items.get(item, case.expect.others)
        if wanted is not None and got != wanted:
            path = ("expect", "items", item) if item in case.expect.items else ("expect", "others")
            sentence = _("案例“{title}”第{item}项应为 {wanted}，规则得出 {got}。")
            text = sentence.format(title=case.title, item=item, wanted=wanted, got=got)
            yield sheet.problem(path, "case_failed", text)
