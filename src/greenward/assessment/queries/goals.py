"""Every target of a place in communities, and its curve towards them, for pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from greenward.assessment.queries.attainment import AttainmentRow, needed
from greenward.assessment.queries.curve import CurvePoint, curve
from greenward.packs.schema.pack import Pack
from greenward.programmes.calendar import span


@dataclass(frozen=True)
class Goal:
    """A target in communities: by when, how many, and the share of the denominator it comes from."""

    due: date
    number: int
    share: Fraction


def goals(pack: Pack, own: AttainmentRow, below: Sequence[AttainmentRow]) -> list[Goal]:
    """Return the place's targets by day; one derived from the districts' is the sum over those ``below``.

    A subdistrict has none of its own: its district's, pro rata.
    """
    level = "city" if own.level == "city" else "district"
    targets = [t for t in pack.targets if t.measure == "meeting" and t.level == level]
    found = []
    for target in sorted(targets, key=lambda t: t.due):
        share = Fraction(target.share or 0)
        counted = below if target.reading == "derived" else [own]
        found.append(Goal(target.due, sum(needed(share, row.denominator) for row in counted), share))
    return found


def progress(pack: Pack, own: AttainmentRow) -> list[CurvePoint]:
    """Return the curve from the programme's first day: the stored runs', then the row's own figures."""
    before = [point for point in curve(own.path, span(pack)[0], own.as_of) if point.as_of < own.as_of]
    last = CurvePoint(own.as_of, own.participating, own.meeting, own.both, own.unknown, own.denominator)
    return [*before, last]
