"""The smallest sets of changes that bring a place to a verdict, the cheapest first.

Changes are taken from what rules say they lack, and every set is tried by assessing the place anew: what is
returned is sure to be enough, and none of its parts can be left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from greenward.assessment.engine.facts import Facts, Value
from greenward.assessment.engine.interpret import evaluate
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.outcome import Assessment, IndicatorOutcome
from greenward.assessment.engine.points import THOUSAND
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.scores import Bands, Judged, Steps
from greenward.assessment.engine.shortfall import Sense, Shortfall, shortfalls
from greenward.assessment.engine.standard import Standard
from greenward.assessment.engine.status import Status
from greenward.assessment.engine.trace import Trace, walk
from greenward.assessment.engine.tree import CountTrue

MOST_CHANGES = 4
"""Sets of more changes, beyond those that nobody can avoid, are not looked for."""
MOST_TRIALS = 500
"""So many sets are tried at most: a standard of many alternatives has more than anybody would read."""


Passes = Callable[[Iterable["Change"]], bool]
"""Whether a place is met after changes."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that becomes otherwise; `current` None: unknown. cost: in whatever the caller counts."""

    fact: str
    current: Value | None
    needed: Value
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """Changes that are enough together, and what they cost."""

    changes: tuple[Change, ...]

    @property
    def cost(self) -> float:
        """The sum of the costs."""
        return sum(change.cost for change in self.changes)


def ways_to_pass(
    standard: Standard,
    facts: Facts,
    as_of: date,
    costs: Mapping[str, float] | None = None,
    *,
    limit: int = 10,
) -> list[Way]:
    """Return up to `limit` smallest sets of changes after which a place is met, the cheapest first.

    facts: as for `assess_one`; costs: per fact, for the whole change; 1 where none is given. Nothing when it
    is met already, or when no set within the limits is enough.
    """
    found = assess_one(standard, facts, as_of)
    if found.verdict is Status.MET:
        return []
    changes = [
        replace(change, cost=(costs or {}).get(change.fact, 1.0))
        for change in _candidates(standard, found, facts, as_of)
    ]

    def passes(tried: Iterable[Change]) -> bool:
        changed = {**facts, **{change.fact: change.needed for change in tried}}
        return assess_one(standard, changed, as_of).verdict is Status.MET

    unavoidable = [change for change in changes if not passes(_others(changes, change))]
    rest = [change for change in changes if change not in unavoidable]
    ways = [Way((*unavoidable, *chosen)) for chosen in _smallest(unavoidable, rest, passes)]
    return sorted(ways, key=lambda way: (way.cost, len(way.changes)))[:limit]


def _others(changes: Iterable[Change], left_out: Change) -> list[Change]:
    """Return all changes but one; of several values for one fact the last counts."""
    return [change for change in changes if change.fact != left_out.fact]


def _smallest(fixed: list[Change], rest: list[Change], passes: Passes) -> Iterator[tuple[Change, ...]]:
    """Yield the sets of further changes that are enough and of which nothing can be left out."""
    done: list[frozenset[Change]] = []
    trials = 0
    for size in range(min(MOST_CHANGES, len(rest)) + 1):
        for chosen in combinations(rest, size):
            if len({change.fact for change in chosen}) < size or any(each <= set(chosen) for each in done):
                continue
            trials += 1
            if trials > MOST_TRIALS:
                return
            if passes((*fixed, *chosen)):
                done.append(frozenset(chosen))
                yield chosen


def _candidates(standard: Standard, found: Assessment, facts: Facts, as_of: date) -> list[Change]:
    """Return every change that would bring a rule to where it should stand, each once."""
    wanted: list[Shortfall] = []
    for indicator in found.indicators:
        if not indicator.indicator.guidance and indicator.status is not Status.NOT_APPLICABLE:
            wanted += _of_indicator(indicator, facts, as_of)
    totals = standard.totals
    for level in found.levels[: len(standard.deciding)]:
        wanted += [one for one in shortfalls(level.needs.trace, as_of) if one.fact not in totals]
    changes = [Change(one.fact, one.current, needed) for one in wanted for needed in _values(one)]
    return list(dict.fromkeys(changes))


def _of_indicator(found: IndicatorOutcome, facts: Facts, as_of: date) -> Iterator[Shortfall]:
    """Yield what the indicator's rule, veto and parts lack."""
    if found.applies is not None:
        yield from shortfalls(found.applies.trace, as_of)
    if found.rule is not None:
        yield from shortfalls(found.rule.trace, as_of)
    if found.barring is not None:
        yield from shortfalls(found.barring.trace, as_of, goal=False)
    for part in found.parts:
        match part.part:
            case Bands(bands=bands):
                for (_rule, points), trace in zip(bands, part.traces, strict=True):
                    if points > part.points.least:
                        yield from shortfalls(trace, as_of)
            case Judged(fact=fact, most=most) if part.points.least < most:
                yield Shortfall(fact.text, part.traces[0].value, Sense.EXACTLY, (most / THOUSAND,), fact.text)
            case Steps(most=most) as steps if part.points.least < most:
                yield from _of_steps(steps, part.traces[0], facts, as_of)


def _of_steps(steps: Steps, trace: Trace, facts: Facts, as_of: date) -> Iterator[Shortfall]:
    """Yield what would bring a measure to where its steps give most."""
    needed = f"({steps.measure.text}) {'>=' if steps.more_is_better else '<='} {steps.best:f}"
    yield from shortfalls(evaluate(parse(needed), facts, as_of).trace, as_of)
    for below in walk(trace):
        if isinstance(below.node, CountTrue):
            for member in below.parts:
                yield from shortfalls(member, as_of)


def _values(one: Shortfall) -> Iterator[Value]:
    """Yield the values that would do: the bound itself, or each of several."""
    if one.sense in {Sense.AT_LEAST, Sense.AT_MOST, Sense.EXACTLY, Sense.ONE_OF}:
        yield from one.needed
