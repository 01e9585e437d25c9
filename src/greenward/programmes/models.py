"""Programmes in force, and what offices delivered of their duties."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.packs.models import InstalledPack
from greenward.territories.models import Place


class Programme(models.Model):
    """A pack's edition in force at a territory. At most one is current at a place."""

    pack = models.ForeignKey(InstalledPack, models.PROTECT, related_name="programmes")
    territory = models.ForeignKey(Place, models.PROTECT, related_name="programmes")
    in_force_from = models.DateField(_("施行日"))
    started_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "in_force_from"], name="programme_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.pack}"


class Delivery(models.Model):
    """An office delivered what a duty of the pack asks for a period."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="deliveries")
    duty = models.CharField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="deliveries")
    due_on = models.DateField()
    delivered_on = models.DateField(_("报送日"))
    document = models.CharField(_("文号或标题"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "duty", "place", "due_on"], name="delivered_once")
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.due_on}"


class DenominatorFreeze(models.Model):
    """The urban communities that a period's rates are counted against, fixed on a day."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="freezes")
    target_due = models.DateField(_("目标日"))
    boundaries_on = models.DateField(_("边界日"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    communities = models.ManyToManyField(Place, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "target_due"], name="freeze_once")]

    def __str__(self) -> str:
        return f"{self.target_due}"
