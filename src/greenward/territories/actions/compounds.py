"""Making compounds (小区) inside communities, one or thousands at once."""

from collections.abc import Mapping, Sequence
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
from greenward.territories.models import EventKind, Kind, Level, Place, PlaceEvent, PlaceVersion
from greenward.territories.queries import versions_on
from greenward.territories.roles import Permission

MOST = 999


@transaction.atomic
def create_compounds(
    names: Mapping[Place, Sequence[str]], *, reason: str, source: str = "", by: User | None, at: datetime
) -> list[PlaceVersion]:
    """Make compounds, by community; their codes are the community's, a hyphen and three digits.

    They exist for as long back as their community stands as it does. Needs the permission to survey the
    community. One event, one audit row, a fixed number of queries. ConflictError for a name that the
    community has already.
    """
    names = {community: texts for community, texts in names.items() if texts}
    if not names:
        return []
    communities = _locked(names, by=by, at=at)
    taken = _taken(communities)
    event = PlaceEvent.objects.create(kind=EventKind.CREATE, reason=reason, source=source, by=by, at=at)
    drafts = [
        (community, code, naming(text))
        for community in communities
        for code, text in _coded(community, names[community.place], taken.get(community.place_id, {}))
    ]
    places = Place.objects.bulk_create([Place(code=code, level=Level.COMPOUND) for _c, code, _n in drafts])
    versions = PlaceVersion.objects.bulk_create(
        [
            PlaceVersion(
                place=place,
                during=DateRange(community.during.lower, None),
                kind=Kind.COMPOUND,
                parent=community.place,
                path=f"{community.path}{code}/",
                event=event,
                **asdict(names_of),
            )
            for place, (community, code, names_of) in zip(places, drafts, strict=True)
        ]
    )
    event.places.add(*places)
    scope = communities[0].path if len(communities) == 1 else ""
    audit.record("territories.create_compounds", event, by=by, at=at, scope=scope, made=len(places))
    return versions


def _locked(names: Mapping[Place, Sequence[str]], *, by: User | None, at: datetime) -> list[PlaceVersion]:
    """Lock the communities, so that neither numbers nor moves cross; return what holds of them today."""
    pks = [community.pk for community in names]
    list(Place.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))
    day = timezone.localdate(at)
    found = list(
        versions_on(day).filter(place__in=pks, place__level=Level.COMMUNITY, during__endswith__isnull=True)
    )
    missing = sorted({c.code for c in names} - {version.place.code for version in found})
    if missing:
        raise InvalidInputError(
            _("%(codes)s 在 %(day)s 不是现有的社区。") % {"codes": "、".join(missing[:5]), "day": day},
            hint=_("请核对社区代码。"),
            field="community",
            codes=missing,
        )
    if by is not None:
        for version in found:
            access.check_may(by, Permission.SURVEY, version.path)
    return found


def _taken(communities: Sequence[PlaceVersion]) -> dict[int, dict[str, str]]:
    """Return for each community its compounds ever: code → last name."""
    rows = (
        PlaceVersion.objects.filter(
            place__level=Level.COMPOUND, parent__in=[version.place_id for version in communities]
        )
        .order_by("during")
        .values_list("parent_id", "place__code", "name")
    )
    taken: dict[int, dict[str, str]] = {}
    for parent, code, name in rows:
        taken.setdefault(parent or 0, {})[code] = name
    return taken


def _coded(community: PlaceVersion, texts: Sequence[str], taken: Mapping[str, str]) -> list[tuple[str, str]]:
    """Give each name the next number of the community; numbers are never used twice."""
    wanted = [text.strip() for text in texts]
    twice = {text for text in wanted if not text or wanted.count(text) > 1} | set(wanted) & {*taken.values()}
    if twice:
        raise ConflictError(
            _("“%(community)s”已有小区“%(name)s”，或名称重复、为空。")
            % {"community": community.name, "name": min(twice)},
            hint=_("同一社区的小区名称不能重复；请加以区别。"),
            code=community.place.code,
            names=sorted(twice),
        )
    own = f"{community.place.code}-"
    last = max((int(code.removeprefix(own)) for code in taken if code.startswith(own)), default=0)
    if last + len(wanted) > MOST:
        raise InvalidInputError(
            _("一个社区最多 %(most)d 个小区。") % {"most": MOST}, hint=_("请核对名单。"), field="name"
        )
    return [(f"{own}{number:03}", text) for number, text in enumerate(wanted, last + 1)]
