"""Publishing a notice of approved applications."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import aftercare as access
from greenward.certification.actions.moving import carry
from greenward.certification.models import Application, Notice, NoticeEntry
from greenward.certification.queries.locked import locked
from greenward.certification.queries.notices import last_day
from greenward.certification.queries.route import route_of
from greenward.core import audit
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import versions_on
from greenward.territories.roles import Permission


@transaction.atomic
def publish(
    *,
    programme: Programme,
    territory: PlaceVersion,
    applications: Sequence[Application],
    title: str,
    contact: str,
    by: User | None,
    at: datetime,
) -> Notice:
    """Show approved applications to everybody for the route's period, all or none; return the notice.

    ``territory`` is the place whose office decides. NotAllowedError, ConflictError for a state that does not
    allow it, NotFoundError for an application from elsewhere, InvalidInputError without title or contact.
    """
    access.check_may_here(by, Permission.PUBLISH_NOTICES, territory.path)
    rule = access.check_has_notice(route_of(programme))
    said = _check_words(title, contact)
    held = locked([one.pk for one in applications])
    on = timezone.localdate(at)
    versions = _located(held, territory, on)
    carry(held, "publish", by=by, at=at)
    notice = Notice.objects.create(
        programme=programme,
        territory=territory.place,
        title=said[0],
        contact=said[1],
        published_on=on,
        length=rule.length,
        unit=rule.unit,
        ends_on=last_day(rule, on),
        own_rule=rule.own_rule,
        by=by,
        at=at,
    )
    _enter(notice, held, versions)
    audit.record(
        "certification.publish",
        notice,
        by=by,
        at=at,
        scope=territory.path,
        applications=[one.pk for one in held],
        ends_on=notice.ends_on.isoformat(),
    )
    return notice


def _check_words(title: str, contact: str) -> tuple[str, str]:
    said = title.strip(), contact.strip()
    if not all(said) or len(said[0]) > 120 or len(said[1]) > 200:  # noqa: PLR2004 - the columns' widths
        raise InvalidInputError(
            _("公示的标题、受理单位和联系方式都要写，且不宜过长。"),
            hint=_("标题最多120字，联系方式最多200字。"),
            field="title" if not said[0] else "contact",
        )
    return said


def _located(
    applications: Sequence[Application], territory: PlaceVersion, on: date
) -> dict[int, PlaceVersion]:
    """Return by place where each application's community stands; NotFoundError for one from elsewhere."""
    places = [one.place_id for one in applications]
    found = {v.place_id: v for v in versions_on(on).filter(place__in=places).select_related("parent")}
    here = [p for p in places if p in found and found[p].path.startswith(territory.path)]
    if not applications or len(here) != len(applications):
        raise NotFoundError(
            _("没有选中申报，或其中有的不在本地。"), hint=_("请在待公示列表中勾选本地审核通过的申报。")
        )
    return found


def _enter(notice: Notice, applications: Sequence[Application], versions: dict[int, PlaceVersion]) -> None:
    parents = {version.parent_id for version in versions.values()}
    above = versions_on(notice.published_on).filter(place__in=parents).values_list("place_id", "name")
    streets = dict(above)
    NoticeEntry.objects.bulk_create(
        [
            NoticeEntry(
                notice=notice,
                application=one,
                name=versions[one.place_id].name,
                street=streets.get(versions[one.place_id].parent_id or 0, ""),
                path=versions[one.place_id].path,
            )
            for one in applications
        ]
    )
