"""Residents' wishes, support given to pilots, and lessons. All are records: a newer one corrects an older."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.evidence.models import Use
from greenward.pilots.states import Age, SupportKind, WishKind
from greenward.programmes.models import Programme
from greenward.territories.models import Place


class Record(models.Model):
    """Something recorded about a community in a programme: by whom, when. Append-only."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.place_id} {self.at}"


class Wish(Record):
    """What residents said of taking part: ``agreed`` of ``asked`` people or households (None: not known).

    The newest of each kind counts. ``use`` is the file of the minutes or the signatures, None without one.
    """

    kind = models.CharField(_("形式"), max_length=10, choices=WishKind)
    held_on = models.DateField(_("日期"))
    agreed = models.PositiveIntegerField(_("同意数"), null=True)
    asked = models.PositiveIntegerField(_("征求数"), null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    use = models.ForeignKey(Use, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["programme", "place"], name="pilot_wish_place")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agreed=None)
                | models.Q(asked=None)
                | models.Q(agreed__lte=models.F("asked")),
                name="wish_no_more_than_asked",
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Support(Record):
    """Support that a pilot was given on a day."""

    kind = models.CharField(_("方式"), max_length=10, choices=SupportKind)
    given_on = models.DateField(_("日期"))
    text = models.CharField(_("内容"), max_length=1000)

    class Meta:
        indexes = [models.Index(fields=["programme", "place"], name="pilot_support_place")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class Lesson(Record):
    """What a pilot learnt: the problem, the practice, its measured effect, and where it applies.

    ``before`` and ``after`` are measured in ``unit``; None where nothing was measured. ``shared_at``: when
    the city opened it to every district; until then it is for the district's own people.
    """

    item = models.CharField(_("条目"), max_length=20, blank=True)
    title = models.CharField(_("标题"), max_length=100)
    problem = models.CharField(_("问题"), max_length=1000)
    practice = models.CharField(_("做法"), max_length=2000)
    effect = models.CharField(_("成效"), max_length=1000)
    before = models.DecimalField(_("之前"), max_digits=12, decimal_places=2, null=True)
    after = models.DecimalField(_("之后"), max_digits=12, decimal_places=2, null=True)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    applies = models.CharField(_("适用条件"), max_length=500)
    age = models.CharField(_("适用小区"), max_length=4, choices=Age, default=Age.ANY)
    shared_at = models.DateTimeField(null=True)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["programme", "item"], name="pilot_lesson_item")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before=None, after=None, unit="")
                | models.Q(before__isnull=False, after__isnull=False) & ~models.Q(unit=""),
                name="lesson_measured_whole",
            )
        ]
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]
