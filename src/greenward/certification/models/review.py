"""What others say of an application: returned items, visits, countersigns, drawn reviewers, opinions."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.certification.models.application import Application, Snapshot
from greenward.certification.states import Finding, Reply, Stance
from greenward.core.history import track
from greenward.evidence.models import File


class Attachment(models.Model):
    """A paper that goes with an application, for one of the attachments that the route names (``slot``)."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="attachments")
    slot = models.CharField(max_length=60)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "slot", "file"],
                name="attachment_once",
                condition=models.Q(removed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.name


@track()
class ReturnedItem(models.Model):
    """One item of the standard sent back with a reason; open until the community answered it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="returned_items")
    item = models.CharField(max_length=20)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "item"],
                name="returned_item_open_once",
                condition=models.Q(answered_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.item}"


class Visit(models.Model):
    """Somebody looked at a community on the spot (现场核查) for a step of the route. Never changed."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="visits")
    step = models.CharField(max_length=60)
    visited_on = models.DateField()
    summary = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id} {self.visited_on}"


class VisitFinding(models.Model):
    """What a visit found of one item, with a file where one was kept. Never changed."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="findings")
    item = models.CharField(max_length=20)
    finding = models.CharField(max_length=10, choices=Finding)
    note = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(File, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["visit", "item"], name="visit_finding_once")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.item} {self.finding}"


@track()
class Countersign(models.Model):
    """A department is asked about one item of a snapshot; ``said`` is empty while it is silent.

    Silence is no consent: it stays silence after ``due_on``.
    """

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="countersigns")
    department = models.CharField(max_length=40)
    item = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    said = models.CharField(max_length=8, choices=Reply, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "department", "item"], name="countersign_once"),
            models.CheckConstraint(
                condition=models.Q(said="", at__isnull=True)
                | (~models.Q(said="") & models.Q(at__isnull=False)),
                name="countersign_said_when",
            ),
        ]
        indexes = [
            models.Index(fields=["department"], name="countersign_waiting", condition=models.Q(said=""))
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.department} {self.item}"


class Draw(models.Model):
    """A lot drawn with a published seed: who was in the pot, in which order, and who came out. Never changed.

    The order is by SHA-256 of ``seed:name``; anybody can repeat it. ``left_out`` says who was not in the
    pot, and why.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="draws")
    purpose = models.CharField(max_length=12)
    seed = models.CharField(max_length=64)
    pot = models.JSONField()
    left_out = models.JSONField(default=dict)
    drawn = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.application_id} {self.purpose}"


@track()
class Seat(models.Model):
    """A reviewer drawn for an application: vacated by a declared conflict, or done with every item.

    The database refuses who belongs to the community, or had a hand in the application.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="seats")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due_on = models.DateField()
    seated_at = models.DateTimeField()
    conflict = models.CharField(_("回避理由"), max_length=300, blank=True)
    vacated_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="seat_once"),
            models.CheckConstraint(
                condition=models.Q(vacated_at__isnull=True) | models.Q(done_at__isnull=True),
                name="seat_vacated_or_done",
            ),
        ]
        indexes = [models.Index(fields=["user"], name="seat_user")]
        triggers = [
            pgtrigger.Trigger(
                name="no_conflict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF EXISTS (SELECT 1 FROM certification_applicationmove"
                    " WHERE application_id = NEW.application_id AND by_id = NEW.user_id)"
                    " OR EXISTS (SELECT 1 FROM territories_appointment held"
                    " JOIN territories_office office ON office.id = held.office_id"
                    " JOIN certification_application asked ON asked.place_id = office.place_id"
                    " WHERE asked.id = NEW.application_id AND held.user_id = NEW.user_id) THEN"
                    " RAISE EXCEPTION 'who belongs to the community or acted on the application"
                    " cannot review it'; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.user_id}"


class Opinion(models.Model):
    """What a reviewer thinks of one item as a snapshot froze it, and why. Never changed."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="opinions")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="opinions")
    item = models.CharField(max_length=20)
    stance = models.CharField(max_length=8, choices=Stance)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["seat", "snapshot", "item"], name="opinion_once"),
            models.CheckConstraint(
                condition=models.Q(stance="for") | ~models.Q(reason=""), name="opinion_against_says_why"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.item} {self.stance}"
