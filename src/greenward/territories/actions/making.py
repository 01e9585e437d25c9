"""Making and ending places."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.territories.actions.operation import Operation
from greenward.territories.data import listing
from greenward.territories.data.naming import naming, other_names
from greenward.territories.models import UNIT_PARENT, EventKind, Kind, Level, Place, PlaceVersion

PARENT_LEVEL = {
    Level.DISTRICT: Level.CITY,
    Level.SUBDISTRICT: Level.DISTRICT,
    Level.COMMUNITY: Level.SUBDISTRICT,
    **UNIT_PARENT,
}
LEVEL_OF = {
    Kind.CITY: Level.CITY,
    Kind.DISTRICT: Level.DISTRICT,
    Kind.DEVELOPMENT_ZONE: Level.DISTRICT,
    Kind.STREET: Level.SUBDISTRICT,
    Kind.AREA: Level.SUBDISTRICT,
    Kind.TOWN: Level.SUBDISTRICT,
    Kind.TOWNSHIP: Level.SUBDISTRICT,
    Kind.SPECIAL_UNIT: Level.SUBDISTRICT,
    Kind.RESIDENTS_COMMITTEE: Level.COMMUNITY,
    Kind.VILLAGERS_COMMITTEE: Level.COMMUNITY,
}
DERIVED_ALIAS = "由全称简写"


@dataclass(frozen=True)
class NewPlace:
    """A place to be made: 12-digit code, full name; kind where the code does not say it.

    ``counts``: whether it counts as an urban community, None to let the committee's code decide.
    """

    code: str
    name: str
    kind: Kind | None = None
    counts: bool | None = None


@transaction.atomic
def create(
    new: NewPlace,
    *,
    parent: Place | None,
    on: date,
    reason: str,
    source: str = "",
    by: User | None,
    at: datetime,
) -> PlaceVersion:
    """Make a place below ``parent`` (None: a city) from ``on``. Units: ``create_units``."""
    operation = Operation(EventKind.CREATE, on=on, reason=reason, source=source, by=by, at=at)
    above = operation.version(parent) if parent else None
    if above is None:
        operation.permit("")
    version = _open(operation, new, above)
    operation.record(version, name=version.name, kind=version.kind)
    return version


@transaction.atomic
def close(
    place: Place, *, on: date, reason: str, source: str = "", by: User | None, at: datetime
) -> PlaceVersion:
    """End ``place`` on ``on`` without a successor; ConflictError while places below it are open."""
    operation = Operation(EventKind.CLOSE, on=on, reason=reason, source=source, by=by, at=at)
    version = operation.version(place)
    if below := operation.below(version):
        raise ConflictError(
            _("“%(name)s”下还有 %(count)d 个没有撤销的地方，例如“%(first)s”（%(code)s）。")
            % {
                "name": version.name,
                "count": len(below),
                "first": below[0].name,
                "code": below[0].place.code,
            },
            hint=_("请先撤销、划转或合并它们。"),
            codes=[under.place.code for under in below[:20]],
        )
    operation.end(version)
    operation.record(version, name=version.name)
    return version


def _open(operation: Operation, new: NewPlace, above: PlaceVersion | None) -> PlaceVersion:
    """Check ``new`` and begin it below ``above``; shared with merging and splitting."""
    kind = _kind(new)
    level = LEVEL_OF[kind]
    _check_parent(level, above)
    if not new.name.strip():
        raise InvalidInputError(_("没有写名称。"), hint=_("请写全称。"), field="name")
    place, made = Place.objects.get_or_create(code=new.code, defaults={"level": level})
    if not made:
        raise ConflictError(
            _("代码 %(code)s 已经用过。") % {"code": new.code},
            hint=_("代码用过就不再用于别的地方；请核对新代码。"),
            code=new.code,
        )
    version = operation.open(place, above, kind=kind, **asdict(naming(new.name.strip())))
    operation.also_named(place, other_names(version.name, level), DERIVED_ALIAS)
    if level == Level.COMMUNITY:
        counts = kind == Kind.RESIDENTS_COMMITTEE if new.counts is None else new.counts
        why = listing.status_reason(new.code) if new.counts is None else operation.event.reason
        operation.decide_status(place, counts=counts, reason=why)
    return version


def _kind(new: NewPlace) -> Kind:
    if not re.fullmatch(r"[0-9]{12}", new.code):
        raise InvalidInputError(
            _("“%(code)s”不是12位代码。") % {"code": new.code},
            hint=_("请用统计用区划代码的12位数字。"),
            field="code",
        )
    if new.kind is not None and LEVEL_OF.get(new.kind) != Level.COMMUNITY:
        if new.kind not in LEVEL_OF:
            raise InvalidInputError(
                _("小区不用12位代码设立。"), hint=_("请在社区的摸底表里添加小区。"), field="kind"
            )
        return new.kind
    try:
        by_code = Kind(listing.committee_kind(new.code))
    except ValueError:
        raise InvalidInputError(
            _("代码 %(code)s 的末三位不属于居委会或村委会。") % {"code": new.code},
            hint=_("街道、乡镇和区请写明类别；社区的末三位应在 001–599。"),
            field="code",
        ) from None
    if new.kind not in (None, by_code):
        raise InvalidInputError(
            _("代码 %(code)s 的末三位表示%(kind)s，与所写的类别不符。")
            % {"code": new.code, "kind": by_code.label},
            hint=_("类别由代码决定；请改代码，或不写类别。"),
            field="kind",
        )
    return by_code


def _check_parent(level: Level, above: PlaceVersion | None) -> None:
    wanted = PARENT_LEVEL.get(level)
    found = Level(above.place.level) if above else None
    if found != wanted:
        raise InvalidInputError(
            _("%(level)s不能设在“%(parent)s”下。")
            % {"level": level.label, "parent": above.name if above else "—"},
            hint=_("它的上级应是：%(level)s。") % {"level": wanted.label if wanted else "—"},
            field="parent",
        )
