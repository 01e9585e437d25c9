"""How far city, districts and subdistricts are towards the policy's targets, counted in communities."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.queries.picture import Above, frozen_picture, picture, places_above
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.targets import Target
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.access import reach_of

COUNTED = ("participating", "meeting", "both", "unmet", "unknown", "denominator")


@dataclass(frozen=True)
class AttainmentRow:
    """One place against its target as of a day; every figure counts urban communities.

    ``both`` take part and meet: the policy's measure (参与创建并达到要求); ``distance`` is how many more of
    those the target asks. ``basis`` is "stated" (the policy says the target), "derived" (it follows from
    another) or "reference" (the policy sets none; pro rata of the district's). ``reading`` is the target's
    id. ``frozen_on`` is the day whose boundaries fix the denominator; None when the live list counts.
    """

    level: str
    code: str
    name: str
    path: str
    kind: str
    participating: int
    meeting: int
    both: int
    unmet: int
    unknown: int
    denominator: int
    target: int
    distance: int
    definition: str
    clause: str
    reading: str
    basis: str
    due: date
    as_of: date
    share: Fraction
    frozen_on: date | None

    @property
    def attained_percent(self) -> float | None:
        """``both`` over ``denominator`` in percent; None without communities."""
        return percent(self.both, self.denominator)

    @property
    def participating_percent(self) -> float | None:
        """``participating`` over ``denominator`` in percent; None without communities."""
        return percent(self.participating, self.denominator)

    @property
    def meeting_percent(self) -> float | None:
        """``meeting`` over ``denominator`` in percent; None without communities."""
        return percent(self.meeting, self.denominator)

    @property
    def unknown_percent(self) -> float | None:
        """``unknown`` over ``denominator`` in percent; None without communities."""
        return percent(self.unknown, self.denominator)

    @property
    def target_percent(self) -> float:
        """The target's share in percent."""
        return float(self.share * 100)

    @property
    def is_reached(self) -> bool:
        """True when no community is lacking."""
        return self.distance == 0


def percent(part: int, whole: int) -> float | None:
    """Return a share in percent; None where there is nothing to divide by."""
    return 100 * part / whole if whole else None


def needed(share: Fraction, denominator: int) -> int:
    """Return the fewest whole communities that reach a share of the denominator, exactly."""
    return -((-share.numerator * denominator) // share.denominator)


def applicable_target(pack: Pack, level: str, as_of: date) -> Target:
    """Return the level's target that falls due next on the day; after the last one, the last."""
    targets = sorted(
        (t for t in pack.targets if t.measure == "meeting" and t.level == level), key=lambda t: t.due
    )
    return next((t for t in targets if t.due >= as_of), targets[-1])


def attainment(as_of: date, *, under: str = "") -> list[AttainmentRow]:
    """Return city, districts and subdistricts below ``under``, in this order, each by path.

    A city target that is derived is the sum of its districts' targets; the city's counts are those of its
    communities, never a mean of districts. Raises NotFoundError before any programme is in force.
    """
    programme = programmes.current(as_of)
    counting = _Counting(programme, programmes.policy(programme), as_of)
    return [row for row in counting.rows() if row.path.startswith(under)]


def attainment_for(user: User | AnonymousUser, as_of: date, *, under: str = "") -> list[AttainmentRow]:
    """Return the rows of the places within the person's reach, below ``under``."""
    reach = reach_of(user)
    return [row for row in attainment(as_of, under=under) if reach.covers(row.path)]


def target_dues(pack: Pack) -> list[date]:
    """Return the days on which a target for meeting communities falls due."""
    return sorted({t.due for t in pack.targets if t.measure == "meeting"})


def counted_frame(programme: Programme, target: Target, as_of: date) -> tuple[pl.DataFrame, date | None]:
    """Return the communities that a target is counted against, and the day that fixed them (None: live)."""
    freeze = programmes.freeze_of(programme, target.due)
    if freeze is None:
        return picture(as_of), None
    return frozen_picture(programme, freeze, as_of), freeze.boundaries_on


@dataclass(frozen=True)
class _Goal:
    """What a place is held against: the target, how many it asks, how many lack, on what basis."""

    target: Target
    communities: int
    distance: int
    basis: str
    frozen_on: date | None


class _Counting:
    """One table of attainment: the frames counted against, and the rows made from them."""

    def __init__(self, programme: Programme, pack: Pack, as_of: date) -> None:
        self.as_of = as_of
        self.city_target = applicable_target(pack, "city", as_of)
        self.district_target = applicable_target(pack, "district", as_of)
        self.frame, self.frozen_on = counted_frame(programme, self.district_target, as_of)
        if self.city_target.due == self.district_target.due:
            self.city_frame, self.city_frozen_on = self.frame, self.frozen_on
        else:
            self.city_frame, self.city_frozen_on = counted_frame(programme, self.city_target, as_of)

    def rows(self) -> list[AttainmentRow]:
        """Return the table."""
        above = places_above(self.frozen_on or self.as_of)
        districts = self._level(above, "district")
        subdistricts = self._level(above, "subdistrict")
        counts = _counts(self.city_frame, "city")
        cities = [self._city(p, counts.get(p.path, {}), districts) for p in above if p.level == "city"]
        return [*cities, *districts, *subdistricts]

    def _city(
        self, place: Above, counts: Mapping[str, int], districts: Iterable[AttainmentRow]
    ) -> AttainmentRow:
        target = self.city_target
        if target.reading == "derived":
            own = [row for row in districts if row.path.startswith(place.path)]
            communities, distance = sum(r.target for r in own), sum(r.distance for r in own)
            goal = _Goal(target, communities, distance, target.reading, self.city_frozen_on)
        else:
            goal = _goal(target, counts, target.reading, self.city_frozen_on)
        return self._row(place, counts, goal)

    def _level(self, above: Iterable[Above], level: str) -> list[AttainmentRow]:
        counts = _counts(self.frame, level)
        basis = self.district_target.reading if level == "district" else "reference"
        return [
            self._row(place, own, _goal(self.district_target, own, basis, self.frozen_on))
            for place in above
            if place.level == level
            for own in [counts.get(place.path, {})]
        ]

    def _row(self, place: Above, counts: Mapping[str, int], goal: _Goal) -> AttainmentRow:
        return AttainmentRow(
            level=place.level,
            code=place.code,
            name=place.name,
            path=place.path,
            kind=place.kind,
            target=goal.communities,
            distance=goal.distance,
            definition=_definition(goal.target, goal.basis),
            clause=goal.target.clause,
            reading=goal.target.id,
            basis=goal.basis,
            due=goal.target.due,
            as_of=self.as_of,
            share=_exact(goal.target),
            frozen_on=goal.frozen_on,
            **{name: counts.get(name, 0) for name in COUNTED},
        )


def _goal(target: Target, counts: Mapping[str, int], basis: str, frozen_on: date | None) -> _Goal:
    communities = needed(_exact(target), counts.get("denominator", 0))
    return _Goal(target, communities, max(0, communities - counts.get("both", 0)), basis, frozen_on)


def _exact(target: Target) -> Fraction:
    return Fraction(target.share or 0)


def _definition(target: Target, basis: str) -> str:
    if basis == "reference":
        return _("文件未对街道（乡镇）规定目标；按所在区目标的比例折算，仅供参考。%(definition)s") % {
            "definition": target.definition
        }
    return str(target.definition)


def _counts(frame: pl.DataFrame, level: str) -> dict[str, dict[str, int]]:
    """Count communities by the place above them; a community that may take part is not counted as such."""
    met = pl.col("verdict") == "met"
    takes_part = pl.col("participates").fill_null(value=False)
    rows = frame.group_by(level).agg(
        takes_part.sum().alias("participating"),
        met.sum().alias("meeting"),
        (met & takes_part).sum().alias("both"),
        (pl.col("verdict") == "unmet").sum().alias("unmet"),
        (pl.col("verdict") == "unknown").sum().alias("unknown"),
        pl.len().alias("denominator"),
    )
    return {row.pop(level): {k: int(v) for k, v in row.items()} for row in rows.to_dicts()}
