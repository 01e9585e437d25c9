"""The public notice (公示), what is in it, objections to it, and the list that ends it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from greenward.certification.models.application import Application
from greenward.certification.states import OBJECTION_MOVES, OPEN, ObjectionState, pairs
from greenward.core.history import track
from greenward.programmes.models import Programme
from greenward.territories.models import Place


class Notice(models.Model):
    """Applications that a district shows to everybody before it recognises them. Never changed.

    ``length``, ``unit`` and ``ends_on`` are as the route in force said on the day of publication;
    ``own_rule`` says that no clause fixes them. ``territory`` is the place whose office decides.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="notices")
    territory = models.ForeignKey(Place, models.PROTECT, related_name="notices")
    title = models.CharField(_("标题"), max_length=120)
    contact = models.CharField(_("受理单位和联系方式"), max_length=200)
    published_on = models.DateField(_("公示日期"))
    length = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=8)
    ends_on = models.DateField(_("截止日期"))
    own_rule = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("公示")
        ordering = ["-published_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("published_on")), name="notice_days_in_order")
        ]
        indexes = [models.Index(fields=["ends_on"], name="notice_ends")]
        triggers = [pgtrigger.Protect(name="notice_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.title


class NoticeEntry(models.Model):
    """An application in a notice, with the name that the community had then."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="entries")
    application = models.OneToOneField(Application, models.PROTECT, related_name="noticed")
    name = models.CharField(max_length=120)
    street = models.CharField(max_length=120)
    path = models.CharField(max_length=120)

    class Meta:
        ordering = ["path"]
        triggers = [
            pgtrigger.Protect(name="entry_stands", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """True while the application is neither named nor turned down nor ended."""
        return self.application.state in OPEN


@track(exclude=["sealed", "proof", "proof_name"])
class Objection(models.Model):
    """What somebody says against an application in a notice. Visible to those who handle it alone.

    ``sealed`` holds name, contact and reason, ``proof`` a file, both encrypted; None once deleted.
    ``receipt`` is the SHA-256 of the code that the objector holds. ``answer`` is what the district says,
    without personal data; ``is_late`` by the route's rule of the day.
    """

    entry = models.ForeignKey(NoticeEntry, models.PROTECT, related_name="objections")
    state = models.CharField(_("状态"), max_length=9, choices=ObjectionState, default=ObjectionState.RECEIVED)
    receipt = models.CharField(max_length=64, unique=True)
    sealed = models.BinaryField(null=True)
    proof = models.BinaryField(null=True)
    proof_type = models.CharField(max_length=100, blank=True)
    proof_name = models.CharField(max_length=200, blank=True)
    is_late = models.BooleanField()
    received_at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("异议")
        ordering = ["received_at", "id"]
        triggers = [
            pgtrigger.Trigger(
                name="objection_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]  # the library has no annotation here
                condition=pgtrigger.Q(old__state__df=pgtrigger.F("new__state")),
                func=(
                    f"IF (OLD.state, NEW.state) NOT IN ({pairs(OBJECTION_MOVES)}) THEN"
                    " RAISE EXCEPTION 'an objection cannot go from % to %', OLD.state, NEW.state;"
                    " END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class FinalList(models.Model):
    """The document that names communities after a notice: number and day."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="final_lists")
    document = models.CharField(_("文号"), max_length=100)
    on = models.DateField(_("命名日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("命名文件")
        ordering = ["on", "id"]
        triggers = [pgtrigger.Protect(name="list_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.document
