"""Places, offices and appointments for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from greenward.accounts.models import User
from greenward.core import clock
from greenward.territories.actions import import_places
from greenward.territories.models import (
    Appointment,
    EventKind,
    Kind,
    Level,
    Office,
    Place,
    PlaceEvent,
    PlaceVersion,
    UrbanStatus,
)

CITY = "990000000000"
DISTRICT, OTHER_DISTRICT = "990101000000", "990102000000"
STREET, OTHER_STREET, TOWN = "990101001000", "990101002000", "990102100000"
COMMUNITY, SECOND, VILLAGE = "990101001001", "990101001002", "990102100201"
OTHER_COMMUNITY, TOWN_COMMUNITY = "990101002001", "990102100001"

_TREE: tuple[tuple[str, str, Kind, str | None], ...] = (
    (CITY, "示例市", Kind.CITY, None),
    (DISTRICT, "甲区", Kind.DISTRICT, CITY),
    (OTHER_DISTRICT, "乙区", Kind.DISTRICT, CITY),
    (STREET, "东街街道", Kind.STREET, DISTRICT),
    (OTHER_STREET, "西街街道", Kind.STREET, DISTRICT),
    (TOWN, "河口镇", Kind.TOWN, OTHER_DISTRICT),
    (COMMUNITY, "一里社区居委会", Kind.RESIDENTS_COMMITTEE, STREET),
    (SECOND, "二里社区居委会", Kind.RESIDENTS_COMMITTEE, STREET),
    (OTHER_COMMUNITY, "一里社区居委会", Kind.RESIDENTS_COMMITTEE, OTHER_STREET),
    (TOWN_COMMUNITY, "河畔社区居委会", Kind.RESIDENTS_COMMITTEE, TOWN),
    (VILLAGE, "河口村委会", Kind.VILLAGERS_COMMITTEE, TOWN),
)
_LEVELS = {
    Kind.CITY: Level.CITY,
    Kind.DISTRICT: Level.DISTRICT,
    Kind.STREET: Level.SUBDISTRICT,
    Kind.TOWN: Level.SUBDISTRICT,
    Kind.RESIDENTS_COMMITTEE: Level.COMMUNITY,
    Kind.VILLAGERS_COMMITTEE: Level.COMMUNITY,
}


def event(kind: EventKind = EventKind.IMPORT) -> PlaceEvent:
    """Make an event that holds as far back as we know."""
    return PlaceEvent.objects.create(kind=kind, reason="测试", source="测试", at=clock.now())


def place(code: str, name: str, kind: Kind, parent: Place | None, made_by: PlaceEvent) -> Place:
    """Make a place with one version without ends; a residents' committee counts as urban."""
    made = Place.objects.create(code=code, level=_LEVELS[kind])
    above = PlaceVersion.objects.get(place=parent).path if parent else ""
    PlaceVersion.objects.create(
        place=made,
        during=(None, None),
        name=name,
        short_name=name.removesuffix("居委会"),
        pinyin=code,
        initials="",
        kind=kind,
        parent=parent,
        path=f"{above}{code}/",
        event=made_by,
    )
    if made.level == Level.COMMUNITY:
        UrbanStatus.objects.create(
            place=made,
            during=(None, None),
            counts_as_urban_community=kind == Kind.RESIDENTS_COMMITTEE,
            reason="测试",
            event=made_by,
        )
    made_by.places.add(made)
    return made


def place_tree() -> dict[str, Place]:
    """Make a city of two districts, two streets, a town, four urban communities and a village, by code."""
    made_by = event()
    places: dict[str, Place] = {}
    for code, name, kind, parent in _TREE:
        places[code] = place(code, name, kind, places[parent] if parent else None, made_by)
    return places


@contextmanager
def beijing(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Bring in the real list (1.5 s) for all tests of a module, in a transaction around theirs.

    Each test's own transaction is a savepoint in it; at the end all is rolled back. Use it so, and let
    every test of the module that reads the real places ask for the fixture::

        @pytest.fixture(scope="module")
        def beijing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
            with make.beijing(django_db_blocker):
                yield
    """
    with blocker.unblock(), transaction.atomic():
        import_places(by=None, at=clock.now())
        connection.check_constraints()  # once here, or Django does it again after every test
        yield
        transaction.set_rollback(True)


def appoint(
    user: User, role: str, at: Place | str, *, during: tuple[date | None, date | None] = (None, None)
) -> Appointment:
    """Give ``user`` a role at a place (or its code), in an office made for it."""
    where = at if isinstance(at, Place) else Place.objects.get(code=at)
    office, _made = Office.objects.get_or_create(place=where, name=f"{where.code}办公室")
    user.__dict__.pop("_reach", None)
    return Appointment.objects.create(user=user, office=office, role=role, during=during)


def person(username: str = "person", **fields: object) -> User:
    """Make a person who cannot sign in by password."""
    return User.objects.create_user(username, **fields)
