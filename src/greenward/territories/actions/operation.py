"""What every operation on places shares: one day, one event, locks, versions closed and opened."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Never

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.territories import access
from greenward.territories.events import places_succeeded
from greenward.territories.models import (
    Alias,
    EventKind,
    Level,
    Place,
    PlaceEvent,
    PlaceVersion,
    Succession,
    UrbanStatus,
)
from greenward.territories.roles import Permission

COPIED = ("place_id", "name", "short_name", "pinyin", "initials", "kind", "sort", "parent_id", "path")


class Operation:
    """A change of the tree from a day on. Make it inside a transaction: the tree is locked until commit.

    Operations lock the tree's root row, so that two at once follow one another; what an operation moves it
    locks as well, so that nothing is added below it meanwhile. ``by`` None is the system (command line,
    set-up, demonstration): it is not asked for a permission.
    """

    def __init__(
        self, kind: EventKind, *, on: date, reason: str, source: str, by: User | None, at: datetime
    ) -> None:
        if not reason.strip():
            raise InvalidInputError(
                _("没有写明原因。"), hint=_("请写明变更的原因，例如批复文号和内容。"), field="reason"
            )
        self.on, self.by, self.at = on, by, at
        list(Place.objects.select_for_update(no_key=True).filter(level=Level.CITY).order_by("pk"))
        self.event = PlaceEvent.objects.create(
            kind=kind, on=on, reason=reason.strip(), source=source.strip(), by=by, at=at
        )

    def permit(self, path: str) -> None:
        """Refuse who may not change places at ``path``."""
        if self.by is not None:
            access.check_may(self.by, Permission.CHANGE_PLACES, path)

    def version(self, place: Place) -> PlaceVersion:
        """Return the version to change: in force on the day, and the last one. The person must be allowed.

        InvalidInputError outside the place's time; ConflictError where a later change stands.
        """
        found = (
            PlaceVersion.objects.filter(place=place, during__contains=self.on).select_related("place").first()
        )
        if found is None:
            self._refuse_day(place)
        self.permit(found.path)
        if found.during.upper is not None:
            raise ConflictError(
                _("“%(name)s”（%(code)s）在 %(day)s 还有更晚的变更。")
                % {"name": found.name, "code": place.code, "day": found.during.upper},
                hint=_("请把日期定在那一天或之后。"),
                code=place.code,
                later=found.during.upper,
            )
        return found

    def change(self, version: PlaceVersion, **fields: object) -> PlaceVersion:
        """Set ``fields`` from the day on; a version that began on that very day is corrected in place."""
        return self.change_all([(version, fields)])[0]

    def change_all(self, changes: Iterable[tuple[PlaceVersion, dict[str, object]]]) -> list[PlaceVersion]:
        """Do :meth:`change` for many at once."""
        corrected, ended, opened = [], [], []
        for version, fields in changes:
            if version.during.lower == self.on:
                corrected.append(self._with(version, fields))
                continue
            fresh = PlaceVersion(**{name: getattr(version, name) for name in COPIED})
            fresh.during = DateRange(self.on, None)
            opened.append(self._with(fresh, fields))
            version.during = DateRange(version.during.lower, self.on)
            ended.append(version)
        PlaceVersion.objects.bulk_update(corrected, [*COPIED, "event"])
        PlaceVersion.objects.bulk_update(ended, ["during"])
        PlaceVersion.objects.bulk_create(opened)
        self.touch(*(version.place_id for version in (*corrected, *opened)))
        return [*corrected, *opened]

    def open(self, place: Place, parent: PlaceVersion | None, **fields: object) -> PlaceVersion:
        """Begin ``place`` on the day below ``parent``."""
        self.touch(place)
        return PlaceVersion.objects.create(
            place=place,
            during=DateRange(self.on, None),
            parent=parent.place if parent else None,
            path=f"{parent.path if parent else ''}{place.code}/",
            event=self.event,
            **fields,
        )

    def end(self, version: PlaceVersion) -> None:
        """End the place on the day; ConflictError if it began or changed on that very day."""
        if version.during.lower == self.on:
            raise ConflictError(
                _("“%(name)s”（%(code)s）在 %(day)s 当天已有变更，不能在同一天撤销。")
                % {"name": version.name, "code": version.place.code, "day": self.on},
                hint=_("请把撤销定在下一天。"),
                code=version.place.code,
            )
        version.during = DateRange(version.during.lower, self.on)
        version.save(update_fields=["during"])
        self.end_status(version.place)
        self.touch(version.place)

    def below(self, version: PlaceVersion) -> list[PlaceVersion]:
        """Return everything under ``version`` on the day, locked; ConflictError where later changes stand."""
        under = PlaceVersion.objects.filter(path__startswith=version.path).exclude(place=version.place_id)
        list(Place.objects.select_for_update(no_key=True).filter(pk__in=under.values("place")).order_by("pk"))
        later = under.filter(during__startswith__gt=self.on).select_related("place").first()
        if later is not None:
            raise ConflictError(
                _("下属的“%(name)s”（%(code)s）在 %(day)s 还有更晚的变更。")
                % {"name": later.name, "code": later.place.code, "day": later.during.lower},
                hint=_("请把日期定在那一天或之后。"),
                code=later.place.code,
                later=later.during.lower,
            )
        return list(under.filter(during__contains=self.on).select_related("place").order_by("path"))

    def carry(self, versions: Iterable[PlaceVersion], old: PlaceVersion, new: PlaceVersion) -> None:
        """Bring ``versions``, all under ``old``, under ``new``: direct children get it as their parent."""
        self.change_all(
            (
                version,
                {
                    "path": new.path + version.path.removeprefix(old.path),
                    "parent_id": new.place_id if version.parent_id == old.place_id else version.parent_id,
                },
            )
            for version in list(versions)
        )

    def status(self, place: Place) -> UrbanStatus | None:
        """Return whether ``place`` counted on the day; ConflictError where a later decision stands."""
        found = UrbanStatus.objects.filter(place=place, during__endswith__isnull=True).first()
        if found is not None and found.during.lower is not None and found.during.lower > self.on:
            raise ConflictError(
                _("%(code)s 是否计入城市社区，在 %(day)s 还有更晚的认定。")
                % {"code": place.code, "day": found.during.lower},
                hint=_("请把日期定在那一天或之后。"),
                code=place.code,
                later=found.during.lower,
            )
        return found

    def end_status(self, place: Place) -> None:
        """End what was decided about counting ``place``; a decision of that very day falls away."""
        status = self.status(place)
        if status is None:
            return
        if status.during.lower == self.on:
            status.delete()
            return
        status.during = DateRange(status.during.lower, self.on)
        status.save(update_fields=["during"])

    def decide_status(self, place: Place, *, counts: bool, reason: str) -> UrbanStatus:
        """From the day on, ``place`` counts or does not count as an urban community."""
        self.end_status(place)
        self.touch(place)
        return UrbanStatus.objects.create(
            place=place,
            during=DateRange(self.on, None),
            counts_as_urban_community=counts,
            reason=reason,
            event=self.event,
        )

    def succeed(self, old: Place, new: Place) -> None:
        """Note that ``old`` went into ``new``."""
        Succession.objects.create(event=self.event, old=old, new=new)

    def also_named(self, place: Place, texts: Iterable[str], source: str) -> None:
        """Keep other names that find the place from the day on, where they do not find it already."""
        known = Alias.objects.filter(place=place, during__contains=self.on).values_list("text", flat=True)
        during = DateRange(self.on, None)
        Alias.objects.bulk_create(
            [
                Alias(place=place, text=text, source=source, during=during)
                for text in sorted({*texts} - {*known})
            ],
            ignore_conflicts=True,
        )

    def touch(self, *places: Place | int) -> None:
        """Count ``places`` (or their keys) among those that the event concerns."""
        self.event.places.add(*places)

    def record(self, version: PlaceVersion, **data: object) -> None:
        """Write the operation into the audit trail: the last step."""
        audit.record(
            f"territories.{self.event.kind}",
            version.place,
            by=self.by,
            at=self.at,
            scope=version.path,
            on=self.on,
            reason=self.event.reason,
            source=self.event.source,
            **data,
        )

    def tell_heirs(self, old: Iterable[PlaceVersion], new: Iterable[PlaceVersion]) -> None:
        """Tell listeners, inside the transaction, who went into whom."""
        places_succeeded.send(
            type(self.event), event=self.event, old=list(old), new=list(new), by=self.by, at=self.at
        )

    def _with(self, version: PlaceVersion, fields: dict[str, object]) -> PlaceVersion:
        for name, value in fields.items():
            setattr(version, name, value)
        version.event = self.event
        return version

    def _refuse_day(self, place: Place) -> Never:
        first = PlaceVersion.objects.filter(place=place).order_by("during").first()
        starts = first.during.lower if first else None
        if starts is not None and self.on < starts:
            detail = _("%(code)s 自 %(day)s 起才设立，在 %(on)s 还不存在。")
            data = {"code": place.code, "day": starts, "on": self.on}
        else:
            detail = _("%(code)s 在 %(on)s 已经撤销。")
            data = {"code": place.code, "on": self.on}
        raise InvalidInputError(detail % data, hint=_("请核对代码和日期。"), field="on", code=place.code)
