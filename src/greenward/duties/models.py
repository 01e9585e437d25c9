"""Cover: who does whose work for a time; reminders: who wants them, what was sent, what was told."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.duties.states import ReminderState, Rhythm, Urgency
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


class ReminderChoice(models.Model):
    """How a person wants to be reminded by mail; without one: weekly, once the address is confirmed.

    ``without``: kinds of to-dos that are left out; ``language``: empty for the account's own.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_choice")
    rhythm = models.CharField(_("频率"), max_length=6, choices=Rhythm, default=Rhythm.WEEKLY)
    without = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    changes = models.BooleanField(_("评定变化"), default=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("提醒设置")

    def __str__(self) -> str:
        return f"{self.user_id} {self.rhythm}"


class Reminder(models.Model):
    """A mail to a person for a day (``2022-09-15``) or week (``2022-W37``): at most one, whoever sends.

    It is made before the mail goes out. What stays ``sending`` was broken off and may have gone out: so it
    counts as sent. One that failed is tried again. ``failure`` holds the server's word, no address.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    slot = models.CharField(max_length=10)
    state = models.CharField(_("状态"), max_length=7, choices=ReminderState)
    todos = models.PositiveIntegerField()
    news = models.PositiveIntegerField()
    tries = models.PositiveSmallIntegerField(default=1)
    failure = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("提醒邮件")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "slot"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.slot} {self.state}"


class Told(models.Model):
    """A person was reminded of a to-do at a stage of its urgency. Once each."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="told")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    stage = models.CharField(max_length=7, choices=Urgency)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "key", "stage"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.stage}"
