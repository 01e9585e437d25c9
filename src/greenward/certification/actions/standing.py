"""Enrolling and withdrawing communities, starting and concluding pilots. The system is ``by=None``."""

from collections.abc import Sequence
from datetime import date, datetime
from os.path import commonpath
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import standing as access
from greenward.certification.actions.telling import tell
from greenward.certification.models import Participation, Pilot
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion

S = TypeVar("S", Participation, Pilot)


@transaction.atomic
def enrol(
    *,
    programme: Programme,
    places: Sequence[PlaceVersion],
    on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> list[Participation]:
    """Let communities take part from a day on, all or none.

    Raises NotAllowedError, NotFoundError for what is no urban community, ConflictError if one takes part.
    """
    access.check_may_enrol(by, places)
    made = _begin(Participation, programme=programme, places=places, on=on, reason=reason, by=by, at=at)
    audit.record("certification.enrol", programme, by=by, at=at, **_what(places, on, reason))
    return made


@transaction.atomic
def withdraw(
    *,
    programme: Programme,
    places: Sequence[PlaceVersion],
    on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> list[Participation]:
    """Let communities no longer take part from a day on, all or none.

    Raises NotAllowedError, ConflictError if one does not take part or began no earlier.
    """
    access.check_may_enrol(by, places)
    ended = _end(Participation, programme=programme, places=places, on=on, reason=reason, at=at)
    audit.record("certification.withdraw", programme, by=by, at=at, **_what(places, on, reason))
    return ended


@transaction.atomic
def start_pilot(
    *,
    programme: Programme,
    places: Sequence[PlaceVersion],
    on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> list[Pilot]:
    """Make communities pilots from a day on (clause 3.1.3), all or none. Only a district may choose.

    Raises NotAllowedError, NotFoundError for what is no urban community, ConflictError if one is a pilot.
    """
    access.check_may_choose_pilots(by, places)
    made = _begin(Pilot, programme=programme, places=places, on=on, reason=reason, by=by, at=at)
    audit.record("certification.start_pilot", programme, by=by, at=at, **_what(places, on, reason))
    return made


@transaction.atomic
def conclude_pilot(
    *,
    programme: Programme,
    places: Sequence[PlaceVersion],
    on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> list[Pilot]:
    """End pilots from a day on, all or none; raises NotAllowedError, ConflictError if one is no pilot."""
    access.check_may_choose_pilots(by, places)
    ended = _end(Pilot, programme=programme, places=places, on=on, reason=reason, at=at)
    audit.record("certification.conclude_pilot", programme, by=by, at=at, **_what(places, on, reason))
    return ended


def _begin(
    kind: type[S],
    *,
    programme: Programme,
    places: Sequence[PlaceVersion],
    on: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> list[S]:
    access.check_day(on, timezone.localdate(at))
    why = access.check_reason(reason)
    access.check_are_urban_communities(places, on)
    rows = [
        kind(programme=programme, place=p.place, during=(on, None), reason=why, by=by, at=at) for p in places
    ]
    try:
        with transaction.atomic():
            made = kind.objects.bulk_create(rows)
    except IntegrityError as error:
        raise ConflictError(
            _("其中有社区在 %(day)s 或之后已经登记。") % {"day": on.isoformat()},
            hint=_("请刷新页面，核对现有登记。"),
            kind=kind.__name__.lower(),
        ) from error
    tell([place.place_id for place in places], by=None, at=at)
    return made


def _end(
    kind: type[S],
    *,
    programme: Programme,
    places: Sequence[PlaceVersion],
    on: date,
    reason: str,
    at: datetime,
) -> list[S]:
    access.check_day(on, timezone.localdate(at))
    why = access.check_reason(reason)
    rows = list(
        kind.objects.select_for_update().filter(
            programme=programme, place__in=[p.place_id for p in places], during__endswith=None
        )
    )
    if len(rows) != len({p.place_id for p in places}):
        raise ConflictError(
            _("其中有社区目前没有登记。"),
            hint=_("请刷新页面，核对现有登记。"),
            kind=kind.__name__.lower(),
        )
    for row in rows:
        access.check_began_before(row.during.lower, on)
        row.during = DateRange(row.during.lower, on)
        row.ended_because = why
    kind.objects.bulk_update(rows, ["during", "ended_because"])
    tell([place.place_id for place in places], by=None, at=at)
    return rows


def _what(places: Sequence[PlaceVersion], on: date, reason: str) -> dict[str, str]:
    """Return what the audit entry says; its scope is the place that holds all of them."""
    paths = [p.path for p in places]
    return {
        "scope": commonpath(paths) + "/" if paths else "",
        "places": ",".join(sorted(path.rstrip("/").rpartition("/")[2] for path in paths)),
        "on": on.isoformat(),
        "reason": reason.strip(),
    }
