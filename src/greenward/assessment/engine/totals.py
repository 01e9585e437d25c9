"""From the points of indicators to those of items, areas and the total, at one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from greenward.assessment.engine.points import THOUSAND, Points, renormalised, rounded, total, weighted
from greenward.assessment.engine.standard import Area, Standard


@dataclass(frozen=True, slots=True)
class Member:
    """What one member of a group contributes; thousandths.

    points None: it does not apply, and is left out. full: what it is out of; 0 for what only adds or deducts.
    stays: False where it may yet be left out.
    """

    points: Points | None
    full: int
    stays: bool = True


NO_POINTS = Member(None, 0)


def rolled(members: Sequence[Member]) -> Member:
    """Return a group's points: those out of something, stretched over what is left out, and what is added.

    Not below 0 as long as there is anything to earn. A group that may yet be left out whole is anything from
    none to all: left out, it says nothing, and what else there is above it counts for the whole.
    """
    if len(members) == 1 and members[0].full and members[0].stays:
        [alone] = members  # as most items are: nothing to stretch and nothing to add
        return alone if alone.points is None else Member(alone.points.within(0, alone.full), alone.full)
    earning = [member for member in members if member.full]
    full = sum(member.full for member in earning)
    applying = [(m.points, m.full) for m in earning if m.points is not None]
    stays = any(member.stays for member in earning or members if member.points is not None)
    added = total([member.points for member in members if member.points is not None and not member.full])
    if all(member.points is None for member in earning or members):
        return Member(None, full)
    if not earning:
        return _held(added, 0, stays=stays)
    earned, possible = total([points for points, _full in applying]), sum(full for _points, full in applying)
    if possible < full:
        earned = Points(*(renormalised(points, full, possible) for points in earned))
    return _held(Points(*(max(points, 0) for points in total([earned, added]))), full, stays=stays)


def _held(points: Points, full: int, *, stays: bool) -> Member:
    return Member(points if stays else points.or_anything(full), full, stays)


def area_of(area: Area, members: Iterable[Member]) -> Member:
    """Return what an area comes to, within what it can give and its cap; `full` is the area's own."""
    found = rolled(list(members))
    if found.points is None:
        return Member(None, area.full)
    high = min(end for end in (area.full or found.points.most, area.cap) if end is not None)
    points = Points(*(min(end, high) for end in found.points))
    return _held(points, area.full, stays=found.stays)


def total_of(standard: Standard, areas: Sequence[Member]) -> Points:
    """Return the total, rounded as the standard says; from 0 to all when nothing applies."""
    members = [_weighted(area, found) for area, found in zip(standard.areas, areas, strict=True)]
    rolled_up = rolled(members)
    found = rolled_up.points or Points(0, standard.full)
    if not rolled_up.stays:
        found = found.or_anything(standard.full)
    if standard.cap is not None:
        found = Points(min(found.least, standard.cap), min(found.most, standard.cap))
    return Points(*(rounded(points, standard.round_to, standard.rounding) for points in found))


def _weighted(area: Area, found: Member) -> Member:
    """Return an area's contribution to the total; a bonus is added, and part of nothing."""
    weight = THOUSAND if area.weight is None else area.weight
    points = found.points if found.points is None else Points(*(weighted(p, weight) for p in found.points))
    return Member(points, 0 if area.bonus else weighted(found.full, weight), found.stays)
