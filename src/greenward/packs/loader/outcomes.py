"""How each case of a standard comes out: the situation, what is expected, what the rules find."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from greenward.packs.loader.trial import CaseError, case_values, points_in_words, statuses
from greenward.packs.rules import Dated, Judgement, RuleReader
from greenward.packs.schema.cases import Case, Judged
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual


@dataclass(frozen=True)
class Given:
    """A fact of a situation, in words."""

    fact: str
    label: Bilingual
    value: str


@dataclass(frozen=True)
class Compared:
    """One thing that a case expects: what about, the expected and the found word."""

    about: str
    expected: str
    found: str

    @property
    def agrees(self) -> bool:
        """Whether the rules find what was expected."""
        return self.expected == self.found


@dataclass(frozen=True)
class CaseOutcome:
    """A case with its situation and everything that it expects; ``error`` says why it could not be judged."""

    case: Case
    given: tuple[Given, ...]
    compared: tuple[Compared, ...]
    error: str = ""

    @property
    def agrees(self) -> bool:
        """Whether everything came out as expected."""
        return not self.error and all(each.agrees for each in self.compared)


def outcomes_of(pack: Pack, reader: RuleReader) -> Iterator[CaseOutcome]:
    """Yield the outcome of every case of a pack whose rules and names are sound."""
    by_id = {case.id: case for case in pack.cases}
    for case in pack.cases:
        try:
            situations = [case_values(pack, by_id[each], by_id) for each in (case.id, *case.beside)]
        except CaseError as error:
            yield CaseOutcome(case, (), (), str(error))
            continue
        found = reader.judge(pack, situations, case.as_of)
        given = tuple(
            Given(fact.id, fact.label, _worded(situations[0][fact.id]))
            for fact in pack.facts
            if fact.id in situations[0]
        )
        yield CaseOutcome(case, given, tuple(_compared(pack, case, found)))


def _compared(pack: Pack, case: Case, found: Judgement) -> Iterator[Compared]:
    expect = case.expect
    yield Compared(_("结论"), expect.verdict, found.verdict)
    if expect.level is not None:
        yield Compared(_("等级"), expect.level, found.level)
    for item, wanted, got in statuses(pack, case, found):
        yield Compared(_("第{item}项").format(item=item), wanted, got)
    for name, given in expect.points.items():
        span = (given, given) if isinstance(given, Decimal) else given
        points = found.points.get(name)
        yield Compared(
            _("“{name}”的分数").format(name=name),
            points_in_words(span),
            points_in_words((Decimal(points[0]), Decimal(points[1])) if points else None),
        )


def _worded(value: object) -> str:
    match value:
        case None:
            return _("未知")
        case bool():
            return _("是") if value else _("否")
        case Judged():
            return f"{value.value}（{value.reason}）" if value.reason.strip() else f"{value.value}"
        case Dated():
            return f"{_worded(value.value)}（{value.observed_on.isoformat()}）"
        case _:
            return str(value)
