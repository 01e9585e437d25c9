"""Writing the buildings and facilities of a few streets as places, with what is answered of each."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from greenward.config.demonstration.entries import Said, Survey, moment
from greenward.config.demonstration.facilities import Unit, buildings_of, facilities_of, lifts_of
from greenward.config.demonstration.places import Community
from greenward.core.bulk import analyse, copy_rows
from greenward.territories.actions.units import PREFIX
from greenward.territories.data.naming import naming
from greenward.territories.models import EventKind, Kind, Level, Place, PlaceEvent, PlaceVersion

STREETS = {
    "110108006000": (116.3105, 39.9445),
    "110101001000": (116.4035, 39.9265),
    "110117001000": (117.1105, 40.1395),
}
"""Streets of which every building and facility is registered, and about where they lie (Beijing, WGS 84)."""
COLUMNS = (
    "place_id", "during", "name", "short_name", "pinyin", "initials", "kind", "sort", "parent_id", "path",
    "event_id",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A unit with its code, the place that it stands under, and the community."""

    unit: Unit
    code: str
    parent: int
    path: str
    community: Community

    @property
    def level(self) -> Level:
        """Whether it is a building or a facility."""
        return Level.BUILDING if self.unit.form == "building" else Level.FACILITY

    @property
    def sort(self) -> str:
        """Which sort of facility it is."""
        return "" if self.level == Level.BUILDING else self.unit.form


def write_units(communities: Sequence[Community], survey: Survey, *, at: datetime) -> list[Said]:
    """Make the units as ``territories.actions.create_units`` does, and return what is said of them."""
    standing = [
        unit for one in communities if one.street in STREETS and one.story.answers for unit in _coded(one)
    ]
    copy_rows(Place, ("code", "level"), [(one.code, one.level) for one in standing])
    ids = dict(Place.objects.filter(level__in=(Level.BUILDING, Level.FACILITY)).values_list("code", "pk"))
    event = PlaceEvent.objects.create(kind=EventKind.CREATE, reason="演示数据：虚构的楼栋和设施", at=at)
    copy_rows(PlaceVersion, COLUMNS, (_version(one, ids[one.code], event.pk) for one in standing))
    analyse(Place, PlaceVersion)
    return [_said(one, ids[one.code], survey) for one in standing]


def _version(one: Standing, pk: int, event: int) -> tuple[object, ...]:
    names = asdict(naming(one.unit.name))
    return (
        pk, "(,)", names["name"], names["short_name"], names["pinyin"], names["initials"],
        Kind(one.level.value), one.sort, one.parent, f"{one.path}{one.code}/", event,
    )  # fmt: skip


def _said(one: Standing, pk: int, survey: Survey) -> Said:
    day = one.community.story.answers[0][0]
    return Said(
        moment(day, 9, 45), one.community.pk, pk, one.unit.values, survey.on(day).pk,
        form=one.unit.form, level=one.level, by=survey.people.get(one.community.code),
    )  # fmt: skip


def _coded(community: Community) -> Iterator[Standing]:
    """Yield the community's units with their codes: buildings by compound, facilities by community."""
    lifts: list[Unit] = []
    for number, (pk, compound) in enumerate(
        zip(community.compounds, community.story.compounds, strict=True), 1
    ):
        code = f"{community.code}-{number:03}"
        buildings = buildings_of(code, compound)
        lifts += [lift for building in buildings for lift in lifts_of(community.code, code, building)]
        for n, building in enumerate(buildings, 1):
            yield Standing(building, f"{code}-{n:03}", pk, f"{community.path}{code}/", community)
    day = community.story.answers[0][0]
    others = facilities_of(community.code, community.sheet, day, STREETS[community.street])
    for n, unit in enumerate([*others, *lifts], 1):
        code = f"{community.code}-{PREFIX[Level.FACILITY]}{n:03}"
        yield Standing(unit, code, community.pk, community.path, community)
