"""Bringing in the statistics bureau's list."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, astuple, dataclass
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.bulk import analyse, copy_rows
from greenward.core.errors import ConflictError
from greenward.territories.data import listing
from greenward.territories.data.naming import naming, other_names
from greenward.territories.models import (
    Alias,
    EventKind,
    Place,
    PlaceEvent,
    PlaceVersion,
    UrbanStatus,
)

ALWAYS = "(,)"  # a date range without ends, as PostgreSQL writes it
ALIAS_SOURCE = "由名单全称简写"
VERSION_COLUMNS = (
    "place_id",
    "during",
    "name",
    "short_name",
    "pinyin",
    "initials",
    "kind",
    "parent_id",
    "path",
    "event_id",
)


@dataclass(frozen=True)
class ImportSummary:
    """What an import did: places made, places that were there already, placeholder rows left out."""

    created: int
    unchanged: int
    placeholders: int
    source: str


@transaction.atomic
def import_places(*, by: User | None, at: datetime) -> ImportSummary:
    """Bring in the list that ships with this module; a second time changes nothing and says so.

    The system's own step (set-up), so nobody's permission is asked. The list is dated 2023-06-30 and is
    applied backwards: its places have open date ranges. ConflictError if only some of its codes are known.
    """
    content = listing.read()
    known = Place.objects.filter(code__in=[row.code for row in content.rows]).count()
    if known:
        _check_all_known(known, len(content.rows))
        return ImportSummary(0, known, len(content.placeholders), listing.SOURCE)
    event = PlaceEvent.objects.create(
        kind=EventKind.IMPORT, reason="导入国家统计局名单", source=listing.SOURCE, by=by, at=at
    )
    _create(content.rows, event)
    analyse(Place, PlaceVersion, UrbanStatus, Alias)
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE territories_place, territories_placeversion, territories_urbanstatus"
        )  # the planner must not go on believing that the tables are empty
    summary = ImportSummary(len(content.rows), 0, len(content.placeholders), listing.SOURCE)
    audit.record("territories.import", event, by=by, at=at, **asdict(summary))
    return summary


def _check_all_known(known: int, rows: int) -> None:
    if known != rows:
        raise ConflictError(
            _("名单中的 %(rows)d 个代码里已有 %(known)d 个存在，无法判断哪一份为准，因此没有导入。")
            % {"rows": rows, "known": known},
            hint=_("请在空库中导入名单，或用“设立”逐个补录缺少的地方。"),
            known=known,
            rows=rows,
        )


def _create(rows: Iterable[listing.Row], event: PlaceEvent) -> None:
    rows = list(rows)
    copy_rows(Place, ("code", "level"), [(row.code, row.level) for row in rows])
    ids: dict[str, int] = dict(
        Place.objects.filter(code__in=[row.code for row in rows]).values_list("code", "pk")
    )
    touched = [(event.pk, place) for place in ids.values()]
    copy_rows(PlaceEvent.places.through, ("placeevent_id", "place_id"), touched)
    copy_rows(PlaceVersion, VERSION_COLUMNS, _versions(rows, ids, event))
    copy_rows(
        UrbanStatus,
        ("place_id", "during", "counts_as_urban_community", "reason", "event_id"),
        [
            (
                ids[row.code],
                ALWAYS,
                row.kind == "residents_committee",
                listing.status_reason(row.code),
                event.pk,
            )
            for row in rows
            if row.level == "community"
        ],
    )
    copy_rows(
        Alias,
        ("place_id", "text", "source", "during"),
        [
            (ids[row.code], text, ALIAS_SOURCE, ALWAYS)
            for row in rows
            for text in sorted(other_names(row.name, row.level))
        ],
    )


def _versions(
    rows: Iterable[listing.Row], ids: dict[str, int], event: PlaceEvent
) -> Iterator[tuple[object, ...]]:
    paths: dict[str | None, str] = {None: ""}
    for row in rows:
        paths[row.code] = f"{paths[row.parent]}{row.code}/"
        names = astuple(naming(row.name))
        parent = ids[row.parent] if row.parent else None
        yield (ids[row.code], ALWAYS, *names, row.kind, parent, paths[row.code], event.pk)
