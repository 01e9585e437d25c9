"""Runs of a standard, what they found community by community, and which verdicts changed and why."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.programmes.models import Programme
from greenward.territories.models import Place


class Verdict(models.TextChoices):
    """What a standard says of a community as a whole. Unknown is never unmet."""

    MET = "met", _("达标")
    UNMET = "unmet", _("未达标")
    UNKNOWN = "unknown", _("资料不全")


class Run(models.Model):
    """A standard applied to every urban community with what was known as of a day.

    ``pack_digest`` is the edition's hash. ``marks`` holds, per source of facts, the number of the newest
    change that the run has seen: where a source has gone further, the run is stale, and a refresh
    assesses only the communities touched since.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="runs")
    as_of = models.DateField(_("截至日"))
    pack_digest = models.CharField(max_length=64)
    marks = models.JSONField(default=dict)
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("对标结果")
        ordering = ["-as_of"]
        constraints = [models.UniqueConstraint(fields=["programme", "as_of"], name="run_once_a_day")]

    def __str__(self) -> str:
        return f"{self.as_of}"


class Result(models.Model):
    """One community in one run: the verdict and one letter per item, in the standard's order.

    ``participates`` is what was known of taking part on the run's day, for the curve over time.
    Letters: M met, U unmet, ? unknown, N not applicable. The inputs are not copied here: entries are
    append-only, so the same day and edition explain the same result again. Points are the total's, in
    thousandths, from the least to the most that unknown facts leave open; null where the standard gives none.
    ``level`` is the level's id, empty for none, null while it is open or where there are no levels.
    """

    pk = models.CompositePrimaryKey("run_id", "place_id")
    run = models.ForeignKey(Run, models.CASCADE, related_name="results", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="results", db_index=False)
    verdict = models.CharField(max_length=7, choices=Verdict)
    statuses = models.CharField(max_length=120)
    points_least = models.IntegerField(_("至少得分（千分之一分）"), null=True)
    points_most = models.IntegerField(_("至多得分（千分之一分）"), null=True)
    level = models.CharField(_("等级"), max_length=60, null=True)
    participates = models.BooleanField(_("参与创建"), null=True)

    class Meta:
        verbose_name = _("社区对标结果")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict__in=Verdict.values), name="result_verdict_known"
            ),
            models.CheckConstraint(
                condition=models.Q(points_least__isnull=True, points_most__isnull=True)
                | models.Q(points_least__lte=models.F("points_most")),
                name="result_points_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.verdict}"


class VerdictChange(models.Model):
    """Items of a community changed their status when a run took in newer facts.

    ``items`` lists, per changed item, its number, the letters before and after, and the values of the
    facts that its rules name: ``{"item", "old", "new", "facts": [{"fact", "old", "new"}]}``.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="changes")
    place = models.ForeignKey(Place, models.PROTECT, related_name="verdict_changes")
    old = models.CharField(max_length=7, choices=Verdict)
    new = models.CharField(max_length=7, choices=Verdict)
    items = models.JSONField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("对标结果变化")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.place_id} {self.old} → {self.new}"


class SeenChange(models.Model):
    """A person has seen a change: it is not new for them any more."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    change = models.ForeignKey(VerdictChange, models.CASCADE, related_name="seen")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("看过的变化")
        constraints = [models.UniqueConstraint(fields=["person", "change"], name="change_seen_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.change_id}"


class FrozenRun(models.Model):
    """A run as it was when something was declared or reported by it; nothing of it ever changes.

    Years later it is read from here alone: ``content`` holds a line per community by its code (CSV with a
    heading: code, verdict, statuses, points_least, points_most, level, participates), so that neither places
    nor runs need to be as they were. ``items`` are the numbers that the letters stand for, in order.
    ``marks`` as in ``Run``: which changes of which source had been seen. ``digest`` is the SHA-256 of all
    that.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="frozen_runs")
    as_of = models.DateField(_("截至日"))
    reason = models.CharField(_("用途"), max_length=200)
    edition = models.CharField(_("标准版本"), max_length=120)
    pack_digest = models.CharField(max_length=64)
    marks = models.JSONField()
    items = models.JSONField()
    content = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(_("固定时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("固定的对标结果")
        ordering = ["-at", "-id"]
        triggers = [pgtrigger.Protect(name="final", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.as_of} {self.reason}"
