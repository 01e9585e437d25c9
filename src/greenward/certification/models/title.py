"""A title (称号): its signed record, who holds it, and what happened to it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.certification.models.application import Application
from greenward.certification.models.notice import FinalList
from greenward.certification.states import OPEN_OBJECTIONS
from greenward.programmes.models import Programme
from greenward.territories.models import Place

OPEN = ", ".join(f"'{state.value}'" for state in sorted(OPEN_OBJECTIONS))
FINISHED = f"""
    IF NOT EXISTS (
        SELECT 1 FROM certification_noticeentry entry
        JOIN certification_notice notice ON notice.id = entry.notice_id
        WHERE entry.application_id = NEW.application_id AND notice.ends_on < NEW.given_on
    ) THEN RAISE EXCEPTION 'no title without a finished notice'; END IF;
    IF EXISTS (
        SELECT 1 FROM certification_objection objection
        JOIN certification_noticeentry entry ON entry.id = objection.entry_id
        WHERE entry.application_id = NEW.application_id AND objection.state IN ({OPEN})
    ) THEN RAISE EXCEPTION 'no title over an open objection'; END IF;
    RETURN NEW;
"""  # noqa: S608 - our own words


class Happening(models.TextChoices):
    """What can happen to a title."""

    GIVEN = "given", _("命名")
    RECHECKED = "rechecked", _("复查")
    RECTIFYING = "rectifying", _("限期整改")
    KEPT = "kept", _("保留")
    PASSED_ON = "passed_on", _("随社区调整转移")
    LAPSED = "lapsed", _("终止")
    REVOKED = "revoked", _("撤销")


class Title(models.Model):
    """A community was recognised: number, day, and the record that the site signed. Never changed.

    ``record`` is canonical JSON; ``signature`` Ed25519 over it under ``key_name``; ``code`` is what people
    type to check a certificate. ``place`` is the community that was recognised; who holds the title since
    stands in ``holdings``. The database gives no title without a finished notice or over an open objection.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="recognition")
    final_list = models.ForeignKey(FinalList, models.PROTECT, related_name="titles")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="titles")
    place = models.ForeignKey(Place, models.PROTECT, related_name="titles")
    number = models.CharField(_("编号"), max_length=60, unique=True)
    year = models.PositiveSmallIntegerField()
    district = models.CharField(max_length=12)
    serial = models.PositiveIntegerField()
    given_on = models.DateField(_("命名日期"))
    valid_until = models.DateField(_("有效期至"), null=True)
    code = models.CharField(_("查验码"), max_length=16, unique=True)
    record = models.JSONField()
    signature = models.CharField(max_length=100)
    key_name = models.CharField(max_length=16)

    class Meta:
        verbose_name = _("称号")
        ordering = ["-given_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "district", "year", "serial"], name="title_serial_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="title_stands", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="after_a_finished_notice",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=FINISHED,
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TitleHolding(models.Model):
    """A community holds a title during a time: first the one recognised, after a merger or split its heirs.

    ``ended_by`` says how it ended, empty while it is held.
    """

    title = models.ForeignKey(Title, models.PROTECT, related_name="holdings")
    place = models.ForeignKey(Place, models.PROTECT, related_name="title_holdings")
    during = DateRangeField()
    ended_by = models.CharField(max_length=10, choices=Happening, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="title_holdings_do_not_overlap",
                expressions=[
                    ("title", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.place_id} {self.during}"


class TitleEvent(models.Model):
    """What happened to a title, where, on which day, why and on what document. Append-only, and public."""

    title = models.ForeignKey(Title, models.PROTECT, related_name="history")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=Happening)
    on = models.DateField()
    note = models.CharField(max_length=1000, blank=True)
    document = models.CharField(_("文号"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="event_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.title_id} {self.what}"
