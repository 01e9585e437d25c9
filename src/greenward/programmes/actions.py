"""Bringing a pack into force, fixing denominators, recording what was delivered."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack
from greenward.programmes import access, queries
from greenward.programmes.models import Delivery, DenominatorFreeze, Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities, versions_on


@transaction.atomic
def bring_into_force(*, pack: InstalledPack, in_force_from: date, by: User | None, at: datetime) -> Programme:
    """Let an installed edition apply to its territory from a day on; the same again changes nothing.

    Raises NotFoundError where the territory is unknown, ConflictError where another edition starts that day.
    """
    version = _territory_of(pack, timezone.localdate(at))
    access.check_may_start(by, version.path)
    programme, is_new = Programme.objects.get_or_create(
        territory=version.place,
        in_force_from=in_force_from,
        defaults={"pack": pack, "started_at": at},
    )
    if programme.pack_id != pack.pk:
        raise ConflictError(
            _("%(edition)s 已定于 %(day)s 施行。")
            % {"edition": programme.pack, "day": in_force_from.isoformat()},
            hint=_("请为新版次选择另一个施行日。"),
            edition=programme.pack.edition,
        )
    if is_new:
        audit.record(
            "programmes.bring_into_force",
            programme,
            by=by,
            at=at,
            scope=version.path,
            pack=str(pack),
            digest=pack.digest,
            in_force_from=in_force_from,
        )
    return programme


@transaction.atomic
def freeze_denominator(
    *, programme: Programme, target_due: date, boundaries_on: date, by: User | None, at: datetime
) -> DenominatorFreeze:
    """Fix the urban communities that the targets due on ``target_due`` are counted against.

    Raises NotFoundError if no target falls due that day, ConflictError if it is fixed already.
    """
    version = _territory_of(programme.pack, boundaries_on)
    access.check_may_freeze(by, version.path)
    dues = {target.due for target in queries.policy(programme).targets if target.measure == "meeting"}
    if target_due not in dues:
        raise NotFoundError(
            _("方案包没有 %(day)s 到期的目标。") % {"day": target_due.isoformat()},
            hint=_("可选的目标日：%(days)s。") % {"days": "、".join(sorted(d.isoformat() for d in dues))},
        )
    freeze, is_new = DenominatorFreeze.objects.get_or_create(
        programme=programme,
        target_due=target_due,
        defaults={"boundaries_on": boundaries_on, "by": by, "at": at},
    )
    if not is_new:
        raise ConflictError(
            _("%(day)s 目标的分母已按 %(boundaries)s 的边界固定。")
            % {"day": target_due.isoformat(), "boundaries": freeze.boundaries_on.isoformat()},
            hint=_("固定后不再更改；合并、拆分的社区按其后继社区计。"),
        )
    communities = urban_communities(boundaries_on, under=version.path).values_list("place_id", flat=True)
    freeze.communities.add(*communities)
    audit.record(
        "programmes.freeze_denominator",
        freeze,
        by=by,
        at=at,
        scope=version.path,
        target_due=target_due,
        boundaries_on=boundaries_on,
        communities=len(communities),
    )
    return freeze


@transaction.atomic
def deliver(
    *,
    programme: Programme,
    duty: str,
    place: PlaceVersion,
    due_on: date,
    document: str,
    delivered_on: date,
    by: User | None,
    at: datetime,
) -> Delivery:
    """Record that ``place`` delivered ``duty`` for the period due on ``due_on``; a newer one corrects it.

    Raises NotFoundError for a duty or day that the calendar does not have, InvalidInputError for an empty
    document or a day yet to come.
    """
    access.check_may_deliver(by, place.path)
    queries.get_owed(programme, duty, place, due_on)
    if not document.strip():
        raise InvalidInputError(
            _("没有填写文号或标题。"), hint=_("请填写报送材料的文号或标题。"), field="document"
        )
    if delivered_on > timezone.localdate(at):
        raise InvalidInputError(
            _("报送日 %(day)s 还没有到。") % {"day": delivered_on.isoformat()},
            hint=_("请填写今天或更早的日期。"),
            field="delivered_on",
        )
    delivery = Delivery.objects.create(
        programme=programme,
        duty=duty,
        place=place.place,
        due_on=due_on,
        document=document.strip(),
        delivered_on=delivered_on,
        by=by,
        at=at,
    )
    audit.record(
        "programmes.deliver",
        delivery,
        by=by,
        at=at,
        scope=place.path,
        duty=duty,
        due_on=due_on,
        delivered_on=delivered_on,
    )
    return delivery


def _territory_of(pack: InstalledPack, on: date) -> PlaceVersion:
    code = packs.pack(pack).manifest.territory
    version = versions_on(on).filter(place__code=code).first()
    if version is None:
        raise NotFoundError(
            _("方案包适用的地方 %(code)s 不在名单里。") % {"code": code},
            hint=_("请先导入地方名单：greenward places import。"),
            code=code,
        )
    return version
