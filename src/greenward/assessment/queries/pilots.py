"""Pilots per street against what the policy asks of each, and which streets are below it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from greenward.assessment.queries.picture import owes_pilots, picture, places_above
from greenward.packs.schema.targets import Target
from greenward.programmes import queries as programmes


@dataclass(frozen=True)
class PilotRow:
    """A street and its pilots. ``too_few_communities``: it has fewer communities than it owes pilots."""

    code: str
    name: str
    path: str
    pilots: int
    communities: int
    least: int
    most: int | None
    due: date
    clause: str
    definition: str

    @property
    def too_few_communities(self) -> bool:
        """True when not even all its communities together would be enough."""
        return self.communities < self.least

    @property
    def is_below(self) -> bool:
        """True when it has fewer pilots than the policy asks."""
        return self.pilots < self.least

    @property
    def missing(self) -> int:
        """How many pilots it still has to start."""
        return max(0, self.least - self.pilots)


def pilot_target(as_of: date) -> Target | None:
    """Return the target for pilots of the programme in force; None if the policy sets none."""
    pack = programmes.policy(programmes.current(as_of))
    return next((t for t in pack.targets if t.measure == "pilots"), None)


def pilots(path: str, as_of: date) -> list[PilotRow]:
    """Return the streets below ``path`` that owe pilots, by path; towns and townships owe none."""
    target = pilot_target(as_of)
    if target is None:
        return []
    counts = {
        row["subdistrict"]: row
        for row in picture(as_of)
        .group_by("subdistrict")
        .agg(pl.col("is_pilot").fill_null(value=False).sum().alias("pilots"), pl.len().alias("communities"))
        .to_dicts()
    }
    none = {"pilots": 0, "communities": 0}
    return [
        PilotRow(
            code=place.code,
            name=place.name,
            path=place.path,
            pilots=int(own["pilots"]),
            communities=int(own["communities"]),
            least=target.count_min or 0,
            most=target.count_max,
            due=target.due,
            clause=target.clause,
            definition=str(target.definition),
        )
        for place in places_above(as_of)
        if owes_pilots(place, target.kinds) and place.path.startswith(path)
        for own in [counts.get(place.path, none)]
    ]


def below_quota(path: str, as_of: date) -> list[PilotRow]:
    """Return the streets below ``path`` with fewer pilots than the policy asks."""
    return [row for row in pilots(path, as_of) if row.is_below]
