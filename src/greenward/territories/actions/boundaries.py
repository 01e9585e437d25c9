"""Merging and splitting places."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.territories.actions.making import NewPlace, _kind, _open
from greenward.territories.actions.operation import Operation
from greenward.territories.models import EventKind, Kind, Level, Place, PlaceVersion


@transaction.atomic
def merge(
    places: Sequence[Place],
    *,
    into: Place | NewPlace,
    on: date,
    reason: str,
    source: str = "",
    by: User | None,
    at: datetime,
) -> PlaceVersion:
    """Merge ``places`` from ``on`` into one of them, into another open place, or into a new one.

    What lies below them goes along. Places of one level; into a new one, also of one parent. One place alone
    may go into a new one (a village that becomes an urban community gets a new code).
    """
    operation = Operation(EventKind.MERGE, on=on, reason=reason, source=source, by=by, at=at)
    ends = [operation.version(place) for place in dict.fromkeys(places) if place != into]
    if not ends:
        raise InvalidInputError(
            _("合并至少要有两个地方。"), hint=_("请再选一个要并入的地方。"), field="places"
        )
    target = operation.version(into) if isinstance(into, Place) else _merged_new(operation, into, ends)
    _check_levels([*ends, target])
    for version in ends:
        below = operation.below(version)
        operation.carry(below, version, target)
        operation.end(version)
        operation.succeed(version.place, target.place)
    operation.touch(target.place)
    operation.record(target, merged=[version.place.code for version in ends])
    operation.tell_heirs([*ends, target] if isinstance(into, Place) else ends, [target])
    return target


@transaction.atomic
def split(
    place: Place,
    *,
    into: Sequence[NewPlace],
    keep: bool = False,
    below: Mapping[str, str] | None = None,
    on: date,
    reason: str,
    source: str = "",
    by: User | None,
    at: datetime,
) -> list[PlaceVersion]:
    """Split ``place`` from ``on`` into new places; with ``keep`` it goes on beside them.

    ``below`` says for places directly below which of the new ones they go to (code → code); without ``keep``
    every one of them must be named. The new ones have the parent of ``place``, and its kind.
    """
    operation = Operation(EventKind.SPLIT, on=on, reason=reason, source=source, by=by, at=at)
    version = operation.version(place)
    if len(into) < (1 if keep else 2):
        raise InvalidInputError(
            _("拆分后至少要有两个地方。"), hint=_("请再写一个新地方，或保留原来的地方。"), field="into"
        )
    under = operation.below(version)
    assigned = _assign(version, under, into, dict(below or {}), keep=keep)
    above = operation.version(version.parent) if version.parent else None
    opened = {new.code: _open(operation, _like(operation, new, [version]), above) for new in into}
    for child, code in assigned.items():
        carried = [other for other in under if other.path.startswith(child.path)]
        operation.carry(carried, PlaceVersion(place_id=place.pk, path=version.path), opened[code])
    for new in opened.values():
        operation.succeed(place, new.place)
    if keep:
        operation.touch(place)
    else:
        operation.end(version)
    operation.record(version, into=list(opened), kept=keep)
    operation.tell_heirs([version], [*([version] if keep else []), *opened.values()])
    return list(opened.values())


def _check_levels(versions: Sequence[PlaceVersion]) -> None:
    levels = {Level(version.place.level) for version in versions}
    if len(levels) > 1 or levels & {Level.CITY}:
        raise InvalidInputError(
            _("只能合并同一层级的地方：%(levels)s。")
            % {"levels": "、".join(sorted(str(level.label) for level in levels))},
            hint=_("请核对代码。"),
            field="places",
        )


def _merged_new(operation: Operation, new: NewPlace, ends: Sequence[PlaceVersion]) -> PlaceVersion:
    _check_levels(ends)
    first = ends[0]
    if any(version.parent_id != first.parent_id for version in ends) or first.parent is None:
        raise InvalidInputError(
            _("要合并成新地方的各方不在同一上级之下。"),
            hint=_("请先把它们划转到同一上级，或并入其中一个。"),
            field="places",
        )
    return _open(operation, _like(operation, new, ends), operation.version(first.parent))


def _like(operation: Operation, new: NewPlace, models: Sequence[PlaceVersion]) -> NewPlace:
    """Fill what ``new`` leaves open: above communities, the kind of the first of ``models``.

    A community's code decides whether it counts; where that is not what held for ``models``, it must be said.
    """
    if models[0].place.level != Level.COMMUNITY:
        return NewPlace(new.code, new.name, new.kind or Kind(models[0].kind))
    if new.counts is None:
        found = [operation.status(version.place) for version in models]
        counted = {status.counts_as_urban_community for status in found if status}
        if counted - {_kind(new) == Kind.RESIDENTS_COMMITTEE}:
            raise InvalidInputError(
                _("原来的地方和新代码 %(code)s 在是否计入城市社区上不一致。") % {"code": new.code},
                hint=_("请写明新社区是否计入城市社区。"),
                field="counts",
            )
    return new


def _assign(
    version: PlaceVersion,
    under: Sequence[PlaceVersion],
    into: Sequence[NewPlace],
    below: dict[str, str],
    *,
    keep: bool,
) -> dict[PlaceVersion, str]:
    children = {child.place.code: child for child in under if child.parent_id == version.place_id}
    targets = {new.code for new in into}
    if wrong := sorted(set(below) - set(children)):
        raise InvalidInputError(
            _("%(codes)s 不在“%(name)s”的直接下级里。") % {"codes": "、".join(wrong), "name": version.name},
            hint=_("请核对下级的代码。"),
            field="below",
        )
    if wrong := sorted(set(below.values()) - targets):
        raise InvalidInputError(
            _("%(codes)s 不是拆分出的新地方。") % {"codes": "、".join(wrong)},
            hint=_("请核对新地方的代码。"),
            field="below",
        )
    left = sorted(set(children) - set(below))
    if left and not keep:
        raise ConflictError(
            _("“%(name)s”下还有 %(count)d 个地方没有说明归属，例如 %(code)s。")
            % {"name": version.name, "count": len(left), "code": left[0]},
            hint=_("请逐个写明划到哪个新地方。"),
            codes=left[:20],
        )
    return {children[code]: target for code, target in below.items()}
