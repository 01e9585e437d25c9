"""Programmes in force, what offices delivered of their duties, and denominators fixed on a day."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.packs.models import InstalledPack
from greenward.territories.models import Place


class Programme(models.Model):
    """A pack's edition in force at a territory. The latest that has begun is the current one."""

    pack = models.ForeignKey(InstalledPack, models.PROTECT, related_name="programmes")
    territory = models.ForeignKey(Place, models.PROTECT, related_name="programmes")
    in_force_from = models.DateField(_("施行日"))
    started_at = models.DateTimeField()

    class Meta:
        verbose_name = _("创建行动")
        constraints = [
            models.UniqueConstraint(fields=["territory", "in_force_from"], name="programme_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.pack}"


class Delivery(models.Model):
    """An office delivered what a duty asks for the period that falls due on ``due_on``.

    Append-only: a correction is a newer delivery of the same duty, and the newest counts.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="deliveries")
    duty = models.CharField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="deliveries")
    due_on = models.DateField()
    delivered_on = models.DateField(_("报送日"))
    document = models.CharField(_("文号或标题"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("报送")
        indexes = [models.Index(fields=["programme", "due_on"], name="delivery_due")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(document=""), name="delivery_names_document")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.duty} {self.due_on}"


class DenominatorFreeze(models.Model):
    """The urban communities that a target's rates are counted against, fixed as of ``boundaries_on``."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="freezes")
    target_due = models.DateField(_("目标日"))
    boundaries_on = models.DateField(_("边界日"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    communities = models.ManyToManyField(Place, related_name="+")

    class Meta:
        verbose_name = _("分母固定")
        constraints = [models.UniqueConstraint(fields=["programme", "target_due"], name="freeze_once")]

    def __str__(self) -> str:
        return f"{self.target_due}"
