"""The audit trail and the calendar's overrides."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditHead(models.Model):
    """The one row that knows the trail's end: it numbers entries, links them and is their lock."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_is_one")]

    def __str__(self) -> str:
        return f"#{self.number}"


class AuditEntry(models.Model):
    """One action that somebody took. Append-only: the database refuses changes and removals."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=120, db_index=True)
    scope = models.CharField(max_length=400, blank=True)
    data = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="no_truncate",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'the audit trail is append-only';",
            ),
        ]
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"#{self.number} {self.action}"


class CalendarOverride(models.Model):
    """A day that the published calendar does not know: a local holiday, or a day made a working day."""

    day = models.DateField(primary_key=True)
    is_working = models.BooleanField()
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.day}"


class Demonstration(models.Model):
    """The one row that marks a database as a demonstration: made-up data and real data never mix."""

    loaded_at = models.DateTimeField()
    as_of = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="demonstration_is_one")]

    def __str__(self) -> str:
        return f"{self.as_of}"
