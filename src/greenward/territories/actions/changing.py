"""Changing what a place is called, to whom it reports and whether it counts."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.territories import access
from greenward.territories.actions.making import DERIVED_ALIAS, _check_parent
from greenward.territories.actions.operation import Operation
from greenward.territories.data.naming import naming, other_names
from greenward.territories.models import Alias, EventKind, Level, Place, PlaceVersion, UrbanStatus
from greenward.territories.queries import version_on
from greenward.territories.roles import Permission


@transaction.atomic
def rename(
    place: Place, name: str, *, on: date, reason: str, source: str = "", by: User | None, at: datetime
) -> PlaceVersion:
    """Call ``place`` by another full name from ``on``; the old name goes on finding it."""
    operation = Operation(EventKind.RENAME, on=on, reason=reason, source=source, by=by, at=at)
    version = operation.version(place)
    old, name = version.name, name.strip()
    if name in ("", old):
        raise InvalidInputError(
            _("新名称与“%(name)s”相同，或没有写。") % {"name": old}, hint=_("请写新的全称。"), field="name"
        )
    renamed = operation.change(version, **asdict(naming(name)))
    operation.also_named(place, {old} | other_names(old, place.level), f"{on} 更名前的名称")
    operation.also_named(place, other_names(name, place.level), DERIVED_ALIAS)
    operation.record(renamed, old=old, new=name)
    return renamed


@transaction.atomic
def move(
    place: Place, *, to: Place, on: date, reason: str, source: str = "", by: User | None, at: datetime
) -> PlaceVersion:
    """Let ``place`` and everything below it report to ``to`` from ``on``."""
    operation = Operation(EventKind.MOVE, on=on, reason=reason, source=source, by=by, at=at)
    version, above = operation.version(place), operation.version(to)
    if above.path.startswith(version.path):
        raise InvalidInputError(
            _("“%(name)s”不能划到自己或自己的下级之下。") % {"name": version.name},
            hint=_("请选另一个上级。"),
            field="to",
        )
    _check_parent(Level(place.level), above)
    if version.parent_id == to.pk:
        raise ConflictError(
            _("“%(name)s”在 %(on)s 已经属于“%(parent)s”。")
            % {"name": version.name, "on": on, "parent": above.name},
            hint=_("请核对上级和日期。"),
            code=place.code,
        )
    old_path = version.path
    below = operation.below(version)
    source_version = PlaceVersion(place_id=place.pk, path=old_path)
    moved = operation.change(version, parent_id=to.pk, path=f"{above.path}{place.code}/")
    operation.carry(below, source_version, moved)
    operation.record(moved, old=old_path, new=moved.path, moved=1 + len(below))
    return moved


@transaction.atomic
def set_urban_status(
    place: Place, *, counts: bool, on: date, reason: str, source: str = "", by: User | None, at: datetime
) -> UrbanStatus:
    """Decide that ``place`` counts, or does not count, as an urban community (clause 1.1) from ``on``."""
    operation = Operation(EventKind.STATUS, on=on, reason=reason, source=source, by=by, at=at)
    version = operation.version(place)
    if place.level != Level.COMMUNITY:
        raise InvalidInputError(
            _("“%(name)s”不是社区，无所谓计入城市社区。") % {"name": version.name},
            hint=_("请选一个社区或村。"),
            field="place",
        )
    current = operation.status(place)
    if current is not None and current.counts_as_urban_community == counts:
        raise ConflictError(
            _("“%(name)s”已经是这样认定的：%(reason)s") % {"name": version.name, "reason": current.reason},
            hint=_("不需要再认定。"),
            code=place.code,
        )
    status = operation.decide_status(place, counts=counts, reason=operation.event.reason)
    operation.record(version, counts=counts)
    return status


@transaction.atomic
def add_alias(place: Place, text: str, *, source: str, by: User | None, at: datetime) -> Alias:
    """Keep another name or code of ``place``, with where it comes from."""
    text, source = text.strip(), source.strip()
    version = version_on(place, timezone.localdate(at))
    if by is not None:
        access.check_may(by, Permission.CHANGE_PLACES, version.path if version else "")
    if not text or not source:
        raise InvalidInputError(
            _("别名和来源都要写。"), hint=_("请写明别名出自哪里，例如民政部门名单。"), field="text"
        )
    alias, made = Alias.objects.get_or_create(
        place=place, text=text, source=source, defaults={"during": (None, None)}
    )
    if not made:
        raise ConflictError(
            _("别名“%(text)s”已经登记。") % {"text": text}, hint=_("不需要再登记。"), code=place.code
        )
    audit.record(
        "territories.alias",
        place,
        by=by,
        at=at,
        scope=version.path if version else "",
        text=text,
        source=source,
    )
    return alias
