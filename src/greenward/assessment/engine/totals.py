"""From the points of indicators to those of items, areas and the total, at one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from greenward.assessment.engine.points import THOUSAND, Points, renormalised, rounded, total, weighted
from greenward.assessment.engine.standard import Area, Standard


@dataclass(frozen=True, slots=True)
class Member:
    """What one member of a group contributes; thousandths.

    points None: it does not apply, and is left out. full: what it is out of; 0 for what only adds or deducts.
    """

    points: Points | None
    full: int


def rolled(members: Sequence[Member]) -> Member:
    """Return a group's points: those out of something, stretched over what is left out, and what is added.

    Not below 0 as long as there is anything to earn.
    """
    earning = [member for member in members if member.full]
    full = sum(member.full for member in earning)
    applying = [(m.points, m.full) for m in earning if m.points is not None]
    added = total([member.points for member in members if member.points is not None and not member.full])
    if earning and not applying:
        return Member(None, full)
    if not earning:
        applies = any(member.points is not None for member in members)
        return Member(added if applies else None, 0)
    earned, possible = total([points for points, _full in applying]), sum(full for _points, full in applying)
    if possible < full:
        earned = Points(*(renormalised(points, full, possible) for points in earned))
    return Member(Points(*(max(points, 0) for points in total([earned, added]))), full)


def area_of(area: Area, members: Iterable[Member]) -> Member:
    """Return what an area comes to, within what it can give and its cap; `full` is the area's own."""
    found = rolled(list(members)).points
    if found is not None:
        high = min(end for end in (area.full or found.most, area.cap) if end is not None)
        found = Points(min(found.least, high), min(found.most, high))
    return Member(found, area.full)


def total_of(standard: Standard, areas: Sequence[Member]) -> Points:
    """Return the total, rounded as the standard says; from 0 to all when nothing applies."""
    members = [_weighted(area, found) for area, found in zip(standard.areas, areas, strict=True)]
    found = rolled(members).points
    if found is None:
        return Points(0, standard.full)
    if standard.cap is not None:
        found = Points(min(found.least, standard.cap), min(found.most, standard.cap))
    return Points(*(rounded(points, standard.round_to, standard.rounding) for points in found))


def _weighted(area: Area, found: Member) -> Member:
    """Return an area's contribution to the total; a bonus is added, and part of nothing."""
    weight = THOUSAND if area.weight is None else area.weight
    points = found.points if found.points is None else Points(*(weighted(p, weight) for p in found.points))
    return Member(points, 0 if area.bonus else weighted(found.full, weight))
