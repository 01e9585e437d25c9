"""Versions of a district's plan with targets, milestones and measures; its steps and comments."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.core.history import track
from greenward.plans.states import Measure, PlanState
from greenward.programmes.models import Delivery, Programme
from greenward.territories.models import Place

WHILE_OPEN = """
    IF EXISTS (
        SELECT 1 FROM plans_planversion held
        WHERE held.id = COALESCE(NEW.version_id, OLD.version_id) AND held.state NOT IN ('draft', 'returned')
    ) THEN
        RAISE EXCEPTION 'the plan is decided: its content does not change';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""
"""A part of a plan is written only while its version is a draft or was returned."""


def while_open() -> list[pgtrigger.Trigger]:
    """Return the trigger that keeps a decided plan as it was decided."""
    return [
        pgtrigger.Trigger(
            name="while_open",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=WHILE_OPEN,
        )
    ]


@track(exclude=["figures"])
class PlanVersion(models.Model):
    """A version of a district's plan (实施方案, clause 3.1.2); at most one of a district is on its way.

    ``edit`` counts the savings of a draft: who saves names the one that they saw. ``figures`` is what the
    draft was proposed from, as of ``figures_on``: a list of ``queries.proposal.Proposed`` as plain data.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="plans")
    place = models.ForeignKey(Place, models.PROTECT, related_name="plans")
    number = models.PositiveSmallIntegerField(_("版次"))
    state = models.CharField(_("状态"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    edit = models.PositiveIntegerField(default=1)
    introduction = models.TextField(_("总体要求"), blank=True)
    figures_on = models.DateField(_("数据截至"))
    figures = models.JSONField(default=list)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    filed_on = models.DateField(_("报送日"), null=True)
    document = models.CharField(_("文号"), max_length=200, blank=True)
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, related_name="plans")

    class Meta:
        verbose_name = _("区创建行动方案")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "place", "number"], name="plan_version_once"),
            models.UniqueConstraint(
                fields=["programme", "place"],
                name="plan_one_on_its_way",
                condition=~models.Q(state=PlanState.FILED),
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None) | ~models.Q(approved_by=models.F("submitted_by")),
                name="plan_approved_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(state=PlanState.FILED, filed_on__isnull=False) & ~models.Q(document="")
                | ~models.Q(state=PlanState.FILED) & models.Q(filed_on=None),
                name="plan_filed_with_document",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="filed_is_final",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=PlanState.FILED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id} v{self.number}"


class PlanTarget(models.Model):
    """How many communities of a street or town are to be reached by a day. ``note``: why so many."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="targets")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    due = models.DateField()
    measure = models.CharField(max_length=10, choices=Measure)
    number = models.PositiveIntegerField(_("计划数"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "place", "due", "measure"], name="plan_target_once")
        ]
        triggers = while_open()

    def __str__(self) -> str:
        return f"{self.place_id} {self.due} {self.measure} {self.number}"


class PlanMilestone(models.Model):
    """A step of the schedule with its last day; ``clause`` is empty where it is the district's own."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="milestones")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(_("事项"), max_length=200)
    due = models.DateField(_("完成时限"))
    clause = models.CharField(_("条款"), max_length=20, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="plan_milestone_once")]
        triggers = while_open()

    def __str__(self) -> str:
        return self.title


class PlanMeasure(models.Model):
    """What is to be done for an item of the standard (empty: for no single one), by which offices, by when.

    ``departments`` are slugs of the pack: the district's offices of these departments answer for it.
    """

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    item = models.CharField(_("条目"), max_length=20, blank=True)
    text = models.CharField(_("措施"), max_length=500)
    departments = models.JSONField(_("责任单位"), default=list)
    due = models.DateField(_("完成时限"), null=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="plan_measure_once")]
        triggers = while_open()

    def __str__(self) -> str:
        return self.text


class PlanStep(models.Model):
    """Something that was done with a version: who, when, where it led, and why. Append-only."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=PlanState)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.version_id} {self.verb}"


class PlanComment(models.Model):
    """What the city or the district said of a filed version. Append-only; it decides nothing."""

    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="comments")
    text = models.CharField(_("意见"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.text
