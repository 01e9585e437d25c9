"""What an edition lets people judge: every row of its standard, and which take the decision as a fact."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from greenward.assessment import rules
from greenward.assessment.facts.judging import JUDGING
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.packs.schema.facts import Fact, FromSource
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.scoring import Judged
from greenward.packs.schema.standard import EvidenceNeed, Indicator, Item


@dataclass(frozen=True)
class Question:
    """A row of the standard as something to judge.

    ``fact`` is what the decision becomes; None where the standard takes none. ``ends``: between which points
    are picked (a deduction is negative); None where the answer is met or not met.
    """

    item: Item
    row: Item | Indicator
    fact: Fact | None
    ends: tuple[Decimal, Decimal] | None

    @property
    def number(self) -> str:
        """The row's number."""
        return self.row.id

    @property
    def title(self) -> str:
        """The row's words."""
        return str(self.row.title)

    @property
    def key(self) -> str:
        """The key of the fact; empty for none."""
        return self.fact.origin.key if self.fact and isinstance(self.fact.origin, FromSource) else ""

    @property
    def how_to(self) -> str:
        """How the row is fulfilled; the item's words where the indicator has none."""
        return str(self.row.how_to or self.item.how_to)

    @property
    def evidence(self) -> str:
        """What counts as evidence; the item's words where the indicator has none."""
        return str(self.row.evidence or self.item.evidence)

    @property
    def evidence_needed(self) -> tuple[EvidenceNeed, ...]:
        """What must be shown."""
        return self.row.evidence_needed or self.item.evidence_needed

    @property
    def clause(self) -> str:
        """The clause that backs it."""
        return self.row.clause or self.item.clause


def questions_of(pack: Pack) -> list[Question]:
    """Return every row that can be judged, those first whose decision the standard takes."""
    found = [one for item, row in _rows(pack) for one in [_question(pack, item, row)] if one is not None]
    return sorted(found, key=lambda one: one.fact is None)


def question_of(pack: Pack, number: str) -> Question:
    """Return the row with a number as a question.

    NotFoundError for no such row; InvalidInputError for one that leaves open what would be picked.
    """
    for item, row in _rows(pack):
        if row.id == number:
            found = _question(pack, item, row)
            if found is None:
                raise InvalidInputError(
                    _("第 %(number)s 项要评的不止一件，或者没有写明评分的两端。") % {"number": number},
                    hint=_("请在标准中把它拆成几项指标，每项一个评议的事实。"),
                    number=number,
                )
            return found
    raise NotFoundError(
        _("这一版标准没有第 %(number)s 项。") % {"number": number[:20]},
        hint=_("请从标准页核对编号。"),
        number=number[:20],
    )


def _rows(pack: Pack) -> Iterator[tuple[Item, Item | Indicator]]:
    for item in (*pack.standard.items, *pack.standard.supplements):
        yield item, item
        yield from ((item, indicator) for indicator in item.indicators)


def _question(pack: Pack, item: Item, row: Item | Indicator) -> Question | None:
    """Return the question; None where its answer would be no single one."""
    judged = [part for part in row.score or () if isinstance(part, Judged)]
    names = {name for rule in rules.own_rules_of(row) for name in rule.facts}
    facts = [pack.fact_by_id[name] for name in names if name in pack.fact_by_id]
    taken = [f for f in facts if isinstance(f.origin, FromSource) and f.origin.source == JUDGING]
    if not taken:
        return Question(item, row, None, None)
    if len(taken) > 1:
        return None
    fact = taken[0]
    if fact.type == "bool":
        return Question(item, row, fact, None)
    ends = next(((part.least, part.most) for part in judged if part.judged == fact.id), None)
    return None if ends is None else Question(item, row, fact, ends)
