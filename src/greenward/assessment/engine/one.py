"""A standard on one place, with reasons."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from greenward.assessment.engine.facts import Facts, Range
from greenward.assessment.engine.interpret import Outcome, evaluate
from greenward.assessment.engine.meaning import kleene
from greenward.assessment.engine.outcome import (
    AreaOutcome,
    Assessment,
    IndicatorOutcome,
    ItemOutcome,
    LevelOutcome,
    PartOutcome,
)
from greenward.assessment.engine.points import THOUSAND, Points
from greenward.assessment.engine.scoring import score_one
from greenward.assessment.engine.situation import Situation
from greenward.assessment.engine.standard import Absence, Indicator, Item, Level, Standard, name_of
from greenward.assessment.engine.status import Status, of_truth, rolled_up, verdict
from greenward.assessment.engine.totals import NO_POINTS, Member, area_of, rolled, total_of


def assess_one(standard: Standard, facts: Facts, as_of: date) -> Assessment:
    """Apply a standard to one place's facts as of a day.

    What depends on other places stands among the facts, as `group.beside` gives it: ranks, peers' means, and
    whether a quota leaves room; absent, it is unknown. Raises RuleError when a fact's value does not fit.
    """
    situation = Situation(facts, as_of)
    items = tuple(_item(item, situation) for item in standard.items)
    counting = [each for item in items for each in item.indicators if not each.indicator.guidance]
    barred = kleene((each.barred for each in counting), decisive=True)
    by_items = verdict(item.status for item in items if not item.item.guidance)
    members = [area_of(a, (_member(i) for i in items if i.item.area == a.id)) for a in standard.areas]
    areas = tuple(AreaOutcome(a, m.points) for a, m in zip(standard.areas, members, strict=True))
    total = total_of(standard, members) if standard.scored else None
    if not standard.levels:
        return Assessment(by_items, items, areas, total, barred)
    known = {**facts, **_items_met(items), **({} if total is None else _sums(total, areas))}
    levels = tuple(_level(level, known, as_of) for level in standard.levels)
    passed = kleene((each.holds for each in levels[: len(standard.deciding)]), decisive=True)
    decided = kleene((passed, None if barred is None else not barred), decisive=False)
    return Assessment(of_truth(decided), items, areas, total, barred, levels, _highest(levels, barred=barred))


def _item(item: Item, situation: Situation) -> ItemOutcome:
    found = tuple(_indicator(each, situation) for each in item.indicators)
    counting = [each for each in found if item.guidance or not each.indicator.guidance]
    scored = any(each.indicator.score is not None for each in found)
    member = rolled([_contribution(each) for each in found if each.indicator.score]) if scored else NO_POINTS
    status = rolled_up(each.status for each in counting)
    return ItemOutcome(item, status, member.points, found, member.stays)


def _indicator(indicator: Indicator, situation: Situation) -> IndicatorOutcome:
    rule, applies, barring = (
        None if each is None else situation.holds(each)
        for each in (indicator.rule, indicator.applies, indicator.barred_if)
    )
    points, parts = None, cast("tuple[PartOutcome, ...]", ())
    if indicator.score is not None:
        points, parts = score_one(indicator.score, situation)
    always = applies is None or indicator.absence is Absence.FORBIDDEN
    applicable = True if always or applies is None else applies.value
    barred = kleene((applicable, False if barring is None else barring.value), decisive=False)
    if applicable:
        status = of_truth(_met(indicator, rule, barring, points))
    else:
        status = Status.UNKNOWN if applicable is None else Status.NOT_APPLICABLE
        points = _absent(indicator, situation.facts, known=applicable is False)
    return IndicatorOutcome(indicator, status, points, barred, rule, applies, barring, parts)


def _met(
    indicator: Indicator, rule: Outcome | None, barring: Outcome | None, points: Points | None
) -> bool | None:
    """Return whether the rule holds, or without one the score is full, and nothing bars."""
    signs = [] if rule is None else [rule.value]
    if barring is not None:
        signs.append(None if barring.value is None else not barring.value)
    if rule is None and points is not None and indicator.score is not None:
        full = indicator.score.most
        signs.append(True if points.least >= full else None if points.most >= full else False)
    return kleene(signs, decisive=False)


def _absent(indicator: Indicator, facts: Facts, *, known: bool) -> Points | None:
    """Return the points of an indicator that does not apply, or of which that is not known."""
    if indicator.score is None:
        return None
    ends = indicator.score.ends
    if known and indicator.absence is Absence.FULL:
        return Points(ends.most, ends.most)
    if known and indicator.absence is Absence.PEER_MEAN:
        match facts.get(indicator.mean):
            case Range(least=least, most=most):
                return Points(int(least), int(most))
            case int() | float() as mean:
                return Points(int(mean), int(mean))
    return None if known and indicator.absence is Absence.LEAVE_OUT else ends


def _contribution(found: IndicatorOutcome) -> Member:
    unknown = found.indicator.leavable and found.applies is not None and found.applies.value is None
    return Member(found.points, found.indicator.full, stays=not unknown)


def _member(found: ItemOutcome) -> Member:
    return Member(found.points, found.item.full, found.stays)


def _items_met(items: Iterable[ItemOutcome]) -> dict[str, bool | None]:
    """Return what levels may name of the items; one that does not apply hinders nothing."""
    known = {Status.MET: True, Status.NOT_APPLICABLE: True, Status.UNMET: False}
    return {f"item_{name_of(item.id)}": known.get(item.status) for item in items}


def _sums(total: Points, areas: Iterable[AreaOutcome]) -> dict[str, Range]:
    """Return what levels may name of the points; an area of which nothing applies hinders nothing."""
    names = {"total": _range(total, THOUSAND)}
    shares = [Range(1.0, 1.0)]
    for found in areas:
        area, full = found.area, found.area.full
        points = found.points or Points(full, full)
        share = _range(points, full) if full else Range(1.0, 1.0)
        names |= {f"area_{name_of(area.id)}": _range(points, THOUSAND), f"share_{name_of(area.id)}": share}
        shares += [] if area.bonus else [share]
    least, most = min(share.least for share in shares), min(share.most for share in shares)
    return names | {"least_share": Range(least, most)}


def _range(points: Points, over: int) -> Range:
    return Range(points.least / over, points.most / over)


def _level(level: Level, facts: Facts, as_of: date) -> LevelOutcome:
    needs = evaluate(level.needs, facts, as_of)
    if level.quota is None:
        return LevelOutcome(level, needs, needs.value)
    room = facts.get(level.room)
    return LevelOutcome(
        level, needs, kleene((needs.value, room if isinstance(room, bool) else None), decisive=False)
    )


def _highest(levels: Iterable[LevelOutcome], *, barred: bool | None) -> str | None:
    """Return the highest level that is reached, "" for none, None while that is open."""
    if barred:
        return ""
    for found in levels:
        if found.holds is None:
            return None
        if found.holds:
            return None if barred is None else found.level.id
    return ""
