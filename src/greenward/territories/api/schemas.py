"""What the API says about places."""

from datetime import date

from ninja import Schema
from pydantic import Field

from greenward.core.api.schemas import Day
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import PlaceFile


class PlacesAsked(Schema):
    """What a list of places is narrowed to; ``q`` is a name, alias, pinyin, initials or code."""

    level: Level | None = None
    parent: str | None = None
    q: str = Field("", max_length=60)
    as_of: Day | None = None
    limit: int = Field(100, ge=1, le=500)
    offset: int = Field(0, ge=0, le=1_000_000)


class PlaceOut(Schema):
    """A place on a day. ``valid_from``/``valid_to``: half-open, null where not bounded by what we know."""

    code: str
    name: str
    short_name: str
    level: str
    kind: str
    parent: str | None
    path: str
    valid_from: date | None
    valid_to: date | None

    @classmethod
    def of(cls, version: PlaceVersion) -> "PlaceOut":
        """Describe ``version``, whose place and parent are loaded."""
        return cls(
            code=version.place.code,
            name=version.name,
            short_name=version.short_name,
            level=version.place.level,
            kind=version.kind,
            parent=version.parent.code if version.parent else None,
            path=version.path,
            valid_from=version.during.lower,
            valid_to=version.during.upper,
        )


class PlacesOut(Schema):
    """One page of a list: how many there are in all, as of when, and the rows."""

    as_of: date
    count: int
    items: list[PlaceOut]


class StatusOut(Schema):
    """Whether a place counted as an urban community during a time, and why."""

    counts: bool
    reason: str
    valid_from: date | None
    valid_to: date | None


class AliasOut(Schema):
    """Another name, with its source."""

    text: str
    source: str


class EventOut(Schema):
    """Something that happened to a place; codes of the places it came from and went into."""

    kind: str
    on: date | None
    reason: str
    source: str
    came_from: list[str]
    went_into: list[str]


class PlaceFileOut(Schema):
    """Everything known of a place. ``place`` is null where it did not exist on the day."""

    as_of: date
    code: str
    place: PlaceOut | None
    versions: list[PlaceOut]
    urban_status: list[StatusOut]
    aliases: list[AliasOut]
    events: list[EventOut]

    @classmethod
    def of(cls, file: PlaceFile, as_of: date) -> "PlaceFileOut":
        """Describe ``file``."""
        return cls(
            as_of=as_of,
            code=file.place.code,
            place=PlaceOut.of(file.version) if file.version else None,
            versions=[PlaceOut.of(period.version) for period in file.periods],
            urban_status=[
                StatusOut(
                    counts=status.counts_as_urban_community,
                    reason=status.reason,
                    valid_from=status.during.lower,
                    valid_to=status.during.upper,
                )
                for status in file.statuses
            ],
            aliases=[AliasOut(text=alias.text, source=alias.source) for alias in file.aliases],
            events=[
                EventOut(
                    kind=entry.kind,
                    on=entry.on,
                    reason=entry.event.reason,
                    source=entry.event.source,
                    came_from=[place.code for place in entry.came_from],
                    went_into=[place.code for place in entry.went_into],
                )
                for entry in file.history
            ],
        )
