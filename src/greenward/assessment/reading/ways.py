"""The smallest sets of changes after which a community meets the requirement, in words, cheapest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from greenward.assessment import rules
from greenward.assessment.engine.facts import Facts
from greenward.assessment.engine.ways import Change, Way, ways_to_pass
from greenward.assessment.reading.lacking import change_in_words
from greenward.assessment.reading.lexicon import Lexicon, listed
from greenward.packs.schema.costs import Cost
from greenward.packs.schema.pack import Pack

LIMIT = 5


@dataclass(frozen=True)
class Step:
    """What becomes of one fact: in words, with its cost (None: the pack has none).

    ``is_unknown``: nothing is known of it yet; it may stand as it should already. ``withheld``: the reader
    does not see the figure. ``items``: numbers of the items not met that rest on the fact.
    """

    fact: str
    words: str
    cost: Decimal | None
    is_unknown: bool
    withheld: bool = False
    items: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The words, with the items that wait for it before them."""
        if not self.items:
            return self.words
        return _("第%(items)s项：%(words)s") % {"items": listed(list(self.items)), "words": self.words}


@dataclass(frozen=True)
class Path:
    """Steps that are enough together, and the sum of the costs that are known."""

    steps: tuple[Step, ...]

    @property
    def cost(self) -> Decimal:
        """The costs that are known, in yuan."""
        return sum((step.cost for step in self.steps if step.cost is not None), Decimal(0))

    @property
    def without_cost(self) -> int:
        """How many steps have no cost in the pack: fillings-in of what is unknown are not counted."""
        return sum(step.cost is None and not step.is_unknown for step in self.steps)

    @property
    def has_cost(self) -> bool:
        """Whether any cost is known."""
        return any(step.cost is not None for step in self.steps)

    @property
    def fillings(self) -> int:
        """How many steps first ask what holds."""
        return sum(step.is_unknown for step in self.steps)


def paths_of(
    pack: Pack, given: Facts, as_of: date, hidden: frozenset[str], wanting: Mapping[str, Sequence[str]]
) -> list[Path]:
    """Return a few smallest ways to the requirement: what costs nothing known comes after known costs.

    Empty where it is met already, and where no set within the engine's limits is enough. ``hidden``: facts
    whose figures the reader does not see. ``wanting``: the items not met, by fact.
    """
    costs = {cost.fact: cost for cost in pack.costs}
    found = ways_to_pass(rules.standard_of(pack), given, as_of, limit=LIMIT * 4)
    paths = [_path(Lexicon(pack), way, costs, hidden, wanting) for way in found]
    once = {tuple((s.fact, s.words) for s in path.steps): path for path in paths}
    return sorted(once.values(), key=lambda p: (p.without_cost, p.cost, len(p.steps)))[:LIMIT]


def _path(
    lexicon: Lexicon,
    way: Way,
    costs: Mapping[str, Cost],
    hidden: frozenset[str],
    wanting: Mapping[str, Sequence[str]],
) -> Path:
    """Return a way with its changes gathered by fact."""
    by_fact: dict[str, list[Change]] = {}
    for change in way.changes:
        by_fact.setdefault(change.fact, []).append(change)
    steps = (
        replace(_step(lexicon, f, c, costs.get(f), hidden), items=tuple(wanting.get(f, ())))
        for f, c in by_fact.items()
    )
    return Path(tuple(steps))


def _step(
    lexicon: Lexicon, fact: str, changes: list[Change], cost: Cost | None, hidden: frozenset[str]
) -> Step:
    first = changes[0]
    if fact in hidden:
        return Step(fact, lexicon.name(fact), None, is_unknown=first.current is None, withheld=True)
    words = change_in_words(lexicon, fact, changes)
    return Step(fact, words, _worth(cost, first), is_unknown=first.current is None)


def _worth(cost: Cost | None, change: Change) -> Decimal | None:
    """Return what a change costs: for each unit of a number, or for the whole of it."""
    if cost is None or change.current is None:
        return None
    numbers = (change.current, change.needed)
    if cost.per == "unit" and all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        return cost.yuan * abs(Decimal(str(change.needed)) - Decimal(str(change.current)))
    return cost.yuan
