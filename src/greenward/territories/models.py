"""Places with dates, offices, and who acts for them.

A ``Place`` is an identity that never changes; what is true of it from one day to another (name, kind,
reporting parent) stands in its ``PlaceVersion`` rows, which the database keeps from overlapping. An open
end of a date range means: not bounded by what we know.
"""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from greenward.core.history import track


class Level(models.TextChoices):
    """The levels of the reporting tree, from the top."""

    CITY = "city", _("市")
    DISTRICT = "district", _("区")
    SUBDISTRICT = "subdistrict", _("街道（乡镇）")
    COMMUNITY = "community", _("社区")
    COMPOUND = "compound", _("小区")
    BUILDING = "building", _("楼栋")
    FACILITY = "facility", _("设施")


UNIT_PARENT = {
    Level.COMPOUND: Level.COMMUNITY,
    Level.BUILDING: Level.COMPOUND,
    Level.FACILITY: Level.COMMUNITY,
}
"""Units: what a survey tells apart inside a community, and the level that each kind of unit stands under."""


class Kind(models.TextChoices):
    """What a place is, read from the statistical code (and, for township units, the name)."""

    CITY = "city", _("市")
    DISTRICT = "district", _("区")
    DEVELOPMENT_ZONE = "development_zone", _("经济技术开发区")
    STREET = "street", _("街道")
    AREA = "area", _("地区")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    SPECIAL_UNIT = "special_unit", _("类似乡级单位")
    RESIDENTS_COMMITTEE = "residents_committee", _("居委会")
    VILLAGERS_COMMITTEE = "villagers_committee", _("村委会")
    COMPOUND = "compound", _("小区")
    BUILDING = "building", _("楼栋")
    FACILITY = "facility", _("设施")


class EventKind(models.TextChoices):
    """What can happen to places."""

    IMPORT = "import", _("导入名单")
    CREATE = "create", _("设立")
    CLOSE = "close", _("撤销建制")
    RENAME = "rename", _("更名")
    MERGE = "merge", _("合并")
    SPLIT = "split", _("拆分")
    MOVE = "move", _("划转")
    STATUS = "status", _("认定是否计入城市社区")


class Place(models.Model):
    """A city, district, subdistrict, community or unit (compound, building, facility), whatever its name.

    ``code`` is the 12-digit statistical code where there is one; a unit's is its parent's code, a hyphen
    and three digits, for facilities after an F.
    """

    code = models.CharField(_("代码"), max_length=32, unique=True)
    level = models.CharField(_("层级"), max_length=12, choices=Level)

    class Meta:
        verbose_name = _("地方")

    def __str__(self) -> str:
        return self.code


class PlaceEvent(models.Model):
    """An operation on places: what, from which day, why, on what document.

    ``on`` is None for what holds as far back as we know. ``places`` are all that it touched.
    ``transaction`` tells readers which events a snapshot could not see yet.
    """

    kind = models.CharField(max_length=8, choices=EventKind)
    on = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    source = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    places = models.ManyToManyField(Place, related_name="events")
    transaction = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", []), editable=False
    )

    class Meta:
        indexes = [models.Index(fields=["transaction"], name="place_event_transaction")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class PlaceVersion(models.Model):
    """What is true of a place during ``during`` (``[from, to)``).

    ``path`` is the codes from the city down to the place, each followed by a slash: everything below a
    place is the range of paths that begin with its path. ``pinyin`` and ``initials`` sort and find names.
    ``sort`` is the pack's slug of what a facility is, such as ``old-tree``; empty for other places.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="versions")
    during = DateRangeField()
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=120)
    pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=120)
    kind = models.CharField(_("类别"), max_length=20, choices=Kind)
    sort = models.CharField(_("设施种类"), max_length=60, blank=True, db_default="")
    parent = models.ForeignKey(Place, models.PROTECT, null=True, related_name="child_versions")
    path = models.CharField(max_length=120)
    event = models.ForeignKey(PlaceEvent, models.PROTECT, related_name="versions")

    class Meta:
        verbose_name = _("地方的一段时期")
        constraints = [
            ExclusionConstraint(
                name="place_versions_do_not_overlap",
                expressions=[("place", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [
            models.Index(fields=["path"], name="place_path", opclasses=["text_pattern_ops"]),
            models.Index(fields=["parent"], name="place_parent"),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """By an event, one place went into another (merge, split)."""

    event = models.ForeignKey(PlaceEvent, models.PROTECT, related_name="successions")
    old = models.ForeignKey(Place, models.PROTECT, related_name="went_into")
    new = models.ForeignKey(Place, models.PROTECT, related_name="came_from")

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class UrbanStatus(models.Model):
    """Whether a place counts as an urban community (城市社区, clause 1.1), from when, and why."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="urban_statuses")
    during = DateRangeField()
    counts_as_urban_community = models.BooleanField(_("计入城市社区"))
    reason = models.CharField(max_length=300)
    event = models.ForeignKey(PlaceEvent, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="urban_statuses_do_not_overlap",
                expressions=[("place", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.counts_as_urban_community}"


class Alias(models.Model):
    """Another name or code of a place, with where it comes from (民政 codes, old names, short names)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="aliases")
    text = models.CharField(_("别名"), max_length=120, db_index=True)
    source = models.CharField(_("来源"), max_length=200)
    during = DateRangeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "text", "source"], name="alias_once")]

    def __str__(self) -> str:
        return self.text


@track()
class Office(models.Model):
    """An office at a place: the lead (housing commission), a department, a street office, a committee.

    ``department`` is the pack's slug of the department, empty for offices that are none.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="offices")
    name = models.CharField(_("单位"), max_length=120)
    department = models.CharField(_("部门"), max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="office_once")]

    def __str__(self) -> str:
        return self.name


@track()
class Appointment(models.Model):
    """A person holds a role in an office during a time. The role's meaning is code (``roles.py``)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="appointments")
    role = models.CharField(_("角色"), max_length=30)
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="appointments_do_not_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"
