"""The tree in figures: the contract of ``greenward places summary``."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Func, QuerySet, TextField, Value

from greenward.territories.models import Kind, Level, PlaceVersion
from greenward.territories.queries.places import urban_communities, versions_on


@dataclass(frozen=True)
class DistrictCount:
    """A reporting district and the number of its urban communities."""

    code: str
    name: str
    urban_communities: int


@dataclass(frozen=True)
class Summary:
    """How many places there were on ``as_of``: counts of places, not of codes."""

    as_of: date
    reporting_districts: int
    township_units: int
    streets: int
    urban_communities: int
    by_district: tuple[DistrictCount, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as plain values for JSON."""
        return {**asdict(self), "as_of": self.as_of.isoformat(), "by_district": self._districts()}

    def _districts(self) -> list[dict[str, Any]]:
        return [asdict(district) for district in self.by_district]


def summary(as_of: date) -> Summary:
    """Count the places of ``as_of``: reporting districts, township units, streets, urban communities."""
    versions = versions_on(as_of)
    kinds = dict(
        versions.filter(place__level=Level.SUBDISTRICT).values_list("kind").annotate(Count("pk")).order_by()
    )
    counts = count_by_part(urban_communities(as_of), depth=2)
    districts = tuple(
        DistrictCount(version.place.code, version.name, counts.get(version.place.code, 0))
        for version in versions.filter(place__level=Level.DISTRICT).order_by("place__code")
    )
    return Summary(
        as_of=as_of,
        reporting_districts=len(districts),
        township_units=sum(kinds.values()),
        streets=kinds.get(Kind.STREET, 0),
        urban_communities=sum(counts.values()),
        by_district=districts,
    )


def count_by_part(versions: QuerySet[PlaceVersion], *, depth: int) -> dict[str, int]:
    """Count ``versions`` by the code at ``depth`` of their paths (1 city, 2 district, 3 subdistrict …)."""
    part = Func(F("path"), Value("/"), Value(depth), function="split_part", output_field=TextField())
    return dict(versions.order_by().annotate(part=part).values_list("part").annotate(Count("pk")))
