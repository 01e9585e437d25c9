"""What a draft proposes for each street and town, from survey and assessment figures, with the reasons."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from greenward.assessment.queries.attainment import counted_frame, needed
from greenward.assessment.queries.picture import Above, owes_pilots, places_above
from greenward.packs.schema.targets import Target
from greenward.plans.states import Measure
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme

FAR = 99
"""Stands for how many items a community lacks of which nothing is known."""


@dataclass(frozen=True)
class Proposed:
    """A number proposed for a street or town by a day, and what it comes from; all count communities.

    ``current``: how many take part and meet it already, as of ``as_of``; ``near``: those added, by how many
    items they lack (0: only taking part; FAR: nothing is known), as pairs. ``communities``: all there are;
    ``least`` and ``most``: what the policy asks of each (pilots), ``most`` None for no upper end.
    """

    code: str
    name: str
    due: date
    measure: str
    number: int
    current: int
    communities: int
    as_of: date
    near: tuple[tuple[int, int], ...] = ()
    least: int = 0
    most: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, for keeping."""
        return {**asdict(self), "due": self.due.isoformat(), "as_of": self.as_of.isoformat()}

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Proposed":
        """Rebuild it from plain data."""
        return cls(
            **{
                **data,
                "due": date.fromisoformat(data["due"]),
                "as_of": date.fromisoformat(data["as_of"]),
                "near": tuple((lack, count) for lack, count in data["near"]),
            }
        )

    @property
    def reason(self) -> str:
        """Why this number, in one sentence."""
        if self.measure == Measure.PILOTS:
            return _pilots_reason(self)
        added = "、".join(_added(lack, count) for lack, count in self.near)
        told = _("截至%(day)s已达标%(current)d个（共%(all)d个社区）") % {
            "day": self.as_of.isoformat(),
            "current": self.current,
            "all": self.communities,
        }
        return f"{told}；{_('再选最近的')}{added}" if added else told


@dataclass(frozen=True)
class Asked:
    """What the policy asks of the whole district by a day: how many communities, of how many, what share."""

    due: date
    number: int
    denominator: int
    share: Fraction
    clause: str
    target: str


def _added(lack: int, count: int) -> str:
    if lack == FAR:
        return _("情况不明的%(count)d个") % {"count": count}
    if lack == 0:
        return _("只差登记参与的%(count)d个") % {"count": count}
    return _("差%(lack)d条的%(count)d个") % {"lack": lack, "count": count}


def _pilots_reason(one: Proposed) -> str:
    if one.communities < one.least:
        return _("要求至少%(least)d个；这里只有%(all)d个社区，全部列入") % {
            "least": one.least,
            "all": one.communities,
        }
    if one.most is None:
        return _("要求至少%(least)d个；现有%(current)d个") % {"least": one.least, "current": one.current}
    return _("要求%(least)d至%(most)d个；现有%(current)d个") % {
        "least": one.least,
        "most": one.most,
        "current": one.current,
    }


def proposals(programme: Programme, path: str, on: date) -> list[Proposed]:
    """Return the numbers that a draft begins with, of every target, for each place below the district.

    A target that has passed is counted as of its own day. Streets that a target does not name get none.
    """
    above = [p for p in places_above(on) if p.level == "subdistrict" and p.path.startswith(path)]
    pack = programmes.policy(programme)
    found: list[Proposed] = []
    for target in sorted(pack.targets, key=lambda t: (t.due, t.measure)):
        day = min(on, target.due)
        if target.measure == "meeting" and target.level == "district":
            frame, _frozen = counted_frame(programme, target, day)
            found += _meeting(target, _within(frame, path), above, day)
        elif target.measure == "pilots":
            frame, _frozen = counted_frame(programme, target, day)
            found += _pilots(target, _within(frame, path), above, day)
    return found


def asked_of(programme: Programme, path: str, on: date) -> list[Asked]:
    """Return what the policy asks of the district at ``path`` by each day."""
    pack = programmes.policy(programme)
    found = []
    for target in sorted(pack.targets, key=lambda t: t.due):
        if target.measure == "meeting" and target.level == "district":
            frame, _frozen = counted_frame(programme, target, min(on, target.due))
            communities = _within(frame, path).height
            share = Fraction(target.share or 0)
            number = needed(share, communities)
            found.append(Asked(target.due, number, communities, share, target.clause, target.id))
    return found


def _within(frame: pl.DataFrame, path: str) -> pl.DataFrame:
    return frame.filter(pl.col("path").str.starts_with(path))


def _meeting(target: Target, frame: pl.DataFrame, above: Iterable[Above], day: date) -> Iterator[Proposed]:
    """Share the target: who meets it already, then who is nearest, summed up by place."""
    goal = needed(Fraction(target.share or 0), frame.height)
    ranked = ranked_by_distance(frame)
    have = ranked.filter(pl.col("both"))
    chosen = ranked.filter(~pl.col("both")).head(max(0, goal - have.height))
    current = Counter(have["subdistrict"].to_list())
    total = Counter(frame["subdistrict"].to_list())
    near: dict[str, Counter[int]] = {}
    for place, lack in chosen.select("subdistrict", "lacking").iter_rows():
        near.setdefault(place, Counter())[lack] += 1
    for place in above:
        if total[place.path]:
            added = near.get(place.path, Counter())
            yield Proposed(
                code=place.code,
                name=place.name,
                due=target.due,
                measure=Measure.MEETING.value,
                number=current[place.path] + added.total(),
                current=current[place.path],
                communities=total[place.path],
                as_of=day,
                near=tuple(sorted(added.items())),
            )


def ranked_by_distance(frame: pl.DataFrame) -> pl.DataFrame:
    """Return communities with ``both`` and ``lacking`` (items unmet or unknown), the nearest first."""
    statuses = pl.col("statuses")
    misses = statuses.str.count_matches("U", literal=True)
    unknown = statuses.str.count_matches("?", literal=True)
    met = pl.col("verdict") == "met"
    return frame.with_columns(
        (met & pl.col("participates").fill_null(value=False)).alias("both"),
        pl.when(met).then(0).otherwise((misses + unknown).fill_null(FAR)).cast(pl.Int64).alias("lacking"),
        misses.fill_null(FAR).alias("misses"),
    ).sort(pl.col("both").not_(), "lacking", "misses", "path")


def _pilots(target: Target, frame: pl.DataFrame, above: Iterable[Above], day: date) -> Iterator[Proposed]:
    total = Counter(frame["subdistrict"].to_list())
    pilots = frame.filter(pl.col("is_pilot").fill_null(value=False))
    current = Counter(pilots["subdistrict"].to_list())
    for place in above:
        if total[place.path] and owes_pilots(place, target.kinds):
            least = target.count_min or 0
            yield Proposed(
                code=place.code,
                name=place.name,
                due=target.due,
                measure=Measure.PILOTS.value,
                number=min(max(least, current[place.path]), total[place.path]),
                current=current[place.path],
                communities=total[place.path],
                as_of=day,
                least=least,
                most=target.count_max,
            )
