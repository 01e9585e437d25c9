"""Making units inside communities (compounds 小区, buildings, facilities), and taking back mistaken ones."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.territories import access
from greenward.territories.data.naming import naming
from greenward.territories.models import UNIT_PARENT, EventKind, Kind, Level, Place, PlaceEvent, PlaceVersion
from greenward.territories.queries import versions_on
from greenward.territories.roles import Permission

MOST = 999
PREFIX = {Level.FACILITY: "F"}
"""What tells a facility's number from a compound's, which stands under the same community."""

Names = Mapping[Place, Sequence[str]]


@transaction.atomic
def create_units(
    names: Names,
    level: Level,
    *,
    sort: str = "",
    reason: str,
    source: str = "",
    by: User | None,
    at: datetime,
) -> list[PlaceVersion]:
    """Make units of one level (and, for facilities, one ``sort``), by the place that they stand under.

    Their codes are the parent's, a hyphen and three digits. They exist for as long back as their parent
    stands as it does. Needs the permission to survey there. One event, one audit row, a fixed number of
    queries. ConflictError for a name that a standing unit of the parent has already at this level.
    """
    names = {parent: texts for parent, texts in names.items() if texts}
    if not names:
        return []
    parents = _locked(names, level, by=by, at=at)
    taken = _taken(parents, level)
    event = PlaceEvent.objects.create(kind=EventKind.CREATE, reason=reason, source=source, by=by, at=at)
    drafts = [
        (parent, code, naming(text))
        for parent in parents
        for code, text in _coded(parent, names[parent.place], level, sort, taken.get(parent.place_id, {}))
    ]
    places = Place.objects.bulk_create([Place(code=code, level=level) for _p, code, _n in drafts])
    versions = PlaceVersion.objects.bulk_create(
        [
            PlaceVersion(
                place=place,
                during=DateRange(parent.during.lower, None),
                kind=Kind(level.value),
                sort=sort,
                parent=parent.place,
                path=f"{parent.path}{code}/",
                event=event,
                **asdict(names_of),
            )
            for place, (parent, code, names_of) in zip(places, drafts, strict=True)
        ]
    )
    event.places.add(*places)
    scope = parents[0].path if len(parents) == 1 else ""
    audit.record(f"territories.create_{level.value}s", event, by=by, at=at, scope=scope, made=len(places))
    return versions


@transaction.atomic
def withdraw_units(
    units: Collection[Place], *, reason: str, source: str = "", by: User | None, at: datetime
) -> int:
    """Take back units that were made by mistake and that nobody uses; return how many.

    They stood in our books from the day on which they were made until today, and at no other time: where
    both are one day, never. Their numbers are not used again, their names are free. Needs the permission to
    survey there. ConflictError for a unit that changed since, or with units under it that stay.
    """
    if not units:
        return 0
    pks = [unit.pk for unit in units]
    list(Place.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    versions = list(PlaceVersion.objects.filter(place__in=pks).select_related("place", "event"))
    _check_withdrawn(versions, pks, by=by)
    event = PlaceEvent.objects.create(
        kind=EventKind.CLOSE, on=timezone.localdate(at), reason=reason, source=source, by=by, at=at
    )
    for version in versions:
        version.during = DateRange(timezone.localdate(version.event.at), event.on)
    PlaceVersion.objects.bulk_update(versions, ["during"], batch_size=2000)
    event.places.add(*pks)
    scope = versions[0].path if len(versions) == 1 else ""
    audit.record("territories.withdraw_units", event, by=by, at=at, scope=scope, withdrawn=len(versions))
    return len(versions)


def _check_withdrawn(versions: Sequence[PlaceVersion], pks: Collection[int], *, by: User | None) -> None:
    if by is not None:
        for version in versions:
            access.check_may(by, Permission.SURVEY, version.path)
    below = PlaceVersion.objects.filter(parent__in=pks, during__endswith__isnull=True, during__isempty=False)
    holder = below.exclude(place__in=pks).select_related("place").first()
    changed = next((one for one in versions if one.event.kind != EventKind.CREATE), None)
    standing = holder or changed
    if standing is not None:
        raise ConflictError(
            _("“%(name)s”（%(code)s）之后有了变更或下级，不能撤回。")
            % {"name": standing.name, "code": standing.place.code},
            hint=_("请由市级牵头单位按地方变更办理。"),
            code=standing.place.code,
        )


def _locked(names: Names, level: Level, *, by: User | None, at: datetime) -> list[PlaceVersion]:
    """Lock the parents, so that neither numbers nor moves cross; return what holds of them today."""
    pks = [parent.pk for parent in names]
    list(Place.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    day = timezone.localdate(at)
    wanted = UNIT_PARENT[level]
    found = list(versions_on(day).filter(place__in=pks, place__level=wanted, during__endswith__isnull=True))
    missing = sorted({place.code for place in names} - {version.place.code for version in found})
    if missing:
        raise InvalidInputError(
            _("%(codes)s 在 %(day)s 不是现有的%(level)s。")
            % {"codes": "、".join(missing[:5]), "day": day, "level": wanted.label},
            hint=_("请核对代码。"),
            field=wanted.value,
            codes=missing,
        )
    if by is not None:
        for version in found:
            access.check_may(by, Permission.SURVEY, version.path)
    return found


def _taken(parents: Sequence[PlaceVersion], level: Level) -> dict[int, dict[str, tuple[str, str]]]:
    """Return for each parent its units of the level ever: code → sort and name, empty where it was closed."""
    rows = (
        PlaceVersion.objects.filter(place__level=level, parent__in=[version.place_id for version in parents])
        .order_by("during")
        .values_list("parent_id", "place__code", "sort", "name", "during")
    )
    taken: dict[int, dict[str, tuple[str, str]]] = {}
    for parent, code, sort, name, during in rows:
        stands = during.upper is None and not during.isempty
        taken.setdefault(parent or 0, {})[code] = (sort, name if stands else "")
    return taken


def _coded(
    parent: PlaceVersion, texts: Sequence[str], level: Level, sort: str, taken: Mapping[str, tuple[str, str]]
) -> list[tuple[str, str]]:
    """Give each name the next number under its parent; numbers are never used twice."""
    wanted = [text.strip() for text in texts]
    same_sort = {name for one, name in taken.values() if one == sort}
    twice = {text for text in wanted if not text or wanted.count(text) > 1} | set(wanted) & same_sort
    if twice:
        raise ConflictError(
            _("“%(parent)s”已有%(level)s“%(name)s”，或名称重复、为空。")
            % {"parent": parent.name, "level": level.label, "name": min(twice)},
            hint=_("同一处的名称不能重复；请加以区别。"),
            code=parent.place.code,
            names=sorted(twice),
        )
    own = f"{parent.place.code}-{PREFIX.get(level, '')}"
    last = max((int(code.removeprefix(own)) for code in taken if code.startswith(own)), default=0)
    if last + len(wanted) > MOST:
        raise InvalidInputError(
            _("一处最多 %(most)d 个%(level)s。") % {"most": MOST, "level": level.label},
            hint=_("请核对名单。"),
            field="name",
        )
    return [(f"{own}{number:03}", text) for number, text in enumerate(wanted, last + 1)]
