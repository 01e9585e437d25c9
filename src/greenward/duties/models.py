"""Cover: who does whose work for a time."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.territories.models import Office


class Delegation(models.Model):
    """``lender`` hands the work of an office to ``delegate`` during ``during`` (``[from, to)``).

    ``kinds``: which kinds of to-dos, all of them where empty; ``permissions``: what was lent with them. One
    at a time for a person and office; a revoked one lets the next begin.
    """

    lender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handed_over")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="taken_over")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    kinds = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    permissions = ArrayField(models.CharField(max_length=40))
    during = DateRangeField(_("期间"))
    reason = models.CharField(_("缘由"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("代办")
        constraints = [
            ExclusionConstraint(
                name="delegations_do_not_overlap",
                expressions=[
                    ("lender", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(revoked_at=None),
            ),
            models.CheckConstraint(
                condition=~models.Q(lender=models.F("delegate")), name="delegation_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(during__upper_inf=False, during__lower_inf=False), name="delegation_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lender_id} → {self.delegate_id}"

    @property
    def until(self) -> date:
        """The last day."""
        last: date = self.during.upper - timedelta(days=1)
        return last
