"""What a standard finds at one place: a tree from the verdict down to each rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from greenward.assessment.engine.interpret import Outcome
from greenward.assessment.engine.points import Points
from greenward.assessment.engine.scores import Bands, Part
from greenward.assessment.engine.shortfall import Shortfall, shortfalls
from greenward.assessment.engine.standard import Area, Indicator, Item, Level
from greenward.assessment.engine.status import Status
from greenward.assessment.engine.trace import Trace


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What a part of a score gives, and what it was read from: conditions, or one measure."""

    part: Part
    points: Points
    traces: tuple[Trace, ...]

    def shortfalls(self, as_of: date) -> Iterator[Shortfall]:
        """Yield what would lead to the band with most points, for a table of bands that gives fewer."""
        if isinstance(self.part, Bands) and self.points.most < self.part.ends.most:
            points = [points for _rule, points in self.part.bands]
            yield from shortfalls(self.traces[points.index(max(points))], as_of)


@dataclass(frozen=True, slots=True)
class IndicatorOutcome:
    """An indicator's status, its points if it gives any, and the reasons."""

    indicator: Indicator
    status: Status
    points: Points | None
    barred: bool | None
    rule: Outcome | None
    applies: Outcome | None
    barring: Outcome | None
    parts: tuple[PartOutcome, ...] = ()

    @property
    def traces(self) -> tuple[Trace, ...]:
        """The reasons, in the order in which they are asked."""
        asked = (each.trace for each in (self.applies, self.rule, self.barring) if each is not None)
        return (*asked, *(trace for part in self.parts for trace in part.traces))

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts whose absence keeps the status or the points open."""
        settled = self.points is None or self.points.settled
        if self.status is Status.NOT_APPLICABLE or (self.status is not Status.UNKNOWN and settled):
            return ()
        return _names(trace.missing for trace in self.traces)

    def shortfalls(self, as_of: date) -> Iterator[Shortfall]:
        """Yield what would have to change for it to be met, where it is not."""
        if self.status is Status.UNMET and self.rule is not None:
            yield from shortfalls(self.rule.trace, as_of)
        if self.status is Status.UNMET and self.barring is not None:
            yield from shortfalls(self.barring.trace, as_of, goal=False)
        if self.status is Status.UNMET and self.rule is None:
            for part in self.parts:
                yield from part.shortfalls(as_of)


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """An item's status, its points if any of its indicators gives some, and its indicators.

    stays: False where its points may yet be left out of its area's: nothing in it is known to apply.
    """

    item: Item
    status: Status
    points: Points | None
    indicators: tuple[IndicatorOutcome, ...]
    stays: bool = True

    @property
    def id(self) -> str:
        """The item's number."""
        return self.item.id

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts whose absence keeps the status or the points open."""
        return _names(each.missing for each in self.indicators)

    def shortfalls(self, as_of: date) -> Iterator[Shortfall]:
        """Yield what would have to change for its indicators to be met."""
        return (one for each in self.indicators for one in each.shortfalls(as_of))


@dataclass(frozen=True, slots=True)
class AreaOutcome:
    """What an area comes to; `points` None when nothing in it applies."""

    area: Area
    points: Points | None


@dataclass(frozen=True, slots=True)
class LevelOutcome:
    """Whether a level is reached: its rule with reasons, and with the quota."""

    level: Level
    needs: Outcome
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Assessment:
    """A place against a standard.

    total: thousandths, None without points; level: its id, "" for none, None while open; barred: as truth
    values go here, None for unknown.
    """

    verdict: Status
    items: tuple[ItemOutcome, ...]
    areas: tuple[AreaOutcome, ...] = ()
    total: Points | None = None
    barred: bool | None = False
    levels: tuple[LevelOutcome, ...] = ()
    level: str | None = ""

    @property
    def letters(self) -> str:
        """One letter per item."""
        return "".join(item.status.letter for item in self.items)

    @property
    def indicators(self) -> Iterable[IndicatorOutcome]:
        """Every indicator, in order."""
        return (indicator for item in self.items for indicator in item.indicators)


def _names(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))
