"""The demonstration's communities with their stories, and their made-up compounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from greenward.config.demonstration.oddities import Oddity, copied_from, oddities_of
from greenward.config.demonstration.sheets import Sheet, sheet_of
from greenward.config.demonstration.story import Story, story_of
from greenward.core.bulk import analyse, copy_rows
from greenward.territories.data.naming import naming
from greenward.territories.models import EventKind, Kind, Level, Place, PlaceEvent, PlaceVersion
from greenward.territories.queries import urban_communities

COLUMNS = (
    "place_id", "during", "name", "short_name", "pinyin", "initials", "kind", "parent_id", "path", "event_id",
)  # fmt: skip


@dataclass
class Community:
    """A community of the list with its story; ``compounds`` are the ids of its compounds' places."""

    pk: int
    code: str
    path: str
    name: str
    story: Story
    oddity: Oddity | None = None
    has_twin: bool = False
    sheet: Sheet = field(default_factory=Sheet)
    compounds: list[int] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Tell whether its numbers may change on the way: odd ones and copies must stay as they are."""
        return self.oddity is None and not self.has_twin

    @property
    def district(self) -> str:
        """Return the code of the reporting district."""
        return self.path.split("/")[1]

    @property
    def street(self) -> str:
        """Return the code of the township unit."""
        return self.path.split("/")[2]


def read_communities(day: date) -> list[Community]:
    """Return every urban community with its story, in the order of codes."""
    rows = (
        urban_communities(day)
        .order_by("place__code")
        .values_list("place_id", "place__code", "path", "short_name")
    )
    communities = [
        Community(pk, code, path, name, story_of(code, name, path.split("/")[1]))
        for pk, code, path, name in rows
    ]
    _fill_in(communities)
    return communities


def _fill_in(communities: Sequence[Community]) -> None:
    """Let every surveyed community fill in the further answers; a few copy, miscount or mistype."""
    odd = oddities_of(communities)
    sources = copied_from(communities, odd)
    by_code = {one.code: one for one in communities}
    twins = {*sources, *sources.values()}
    for one in communities:
        one.oddity = odd.get(one.code)
        one.has_twin = one.code in twins
        source = sources.get(one.code, "")
        if source:
            one.story = story_of(one.code, one.name, one.district, like=by_code[source].story.good)
        if one.story.answers:
            one.sheet = sheet_of(one.code, one.story, one.oddity, like=source, has_twin=one.has_twin)


def write_compounds(communities: Sequence[Community], *, at: datetime) -> None:
    """Make the compounds of every story as places; fills ``compounds``."""
    codes = [f"{c.code}-{number:03d}" for c in communities for number in range(1, len(c.story.compounds) + 1)]
    copy_rows(Place, ("code", "level"), [(code, Level.COMPOUND) for code in codes])
    ids = dict(Place.objects.filter(level=Level.COMPOUND).values_list("code", "pk"))
    event = PlaceEvent.objects.create(kind=EventKind.CREATE, reason="演示数据：虚构的小区", at=at)
    copy_rows(PlaceVersion, COLUMNS, _versions(communities, ids, event))
    analyse(Place, PlaceVersion)


def _versions(
    communities: Sequence[Community], ids: dict[str, int], event: PlaceEvent
) -> Iterator[tuple[object, ...]]:
    for community in communities:
        for number, compound in enumerate(community.story.compounds, 1):
            code = f"{community.code}-{number:03d}"
            community.compounds.append(ids[code])
            names = naming(compound.name)
            yield (
                ids[code],
                "(,)",
                compound.name,
                compound.name,
                names.pinyin,
                names.initials,
                Kind.COMPOUND,
                community.pk,
                f"{community.path}{code}/",
                event.pk,
            )
