"""Rounds, entries (append-only sets of values with their provenance), workbooks, and the way up the tree."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from greenward.core.history import track
from greenward.programmes.models import Programme
from greenward.survey.states import Asks, CaseState, ImportState, Way
from greenward.territories.models import Level, Office, Place


@track()
class Round(models.Model):
    """A survey round (摸底轮次): one state of affairs, at its reference date, for every community.

    ``closes_on`` is the day by which answers are due; late ones are taken until somebody closes the round.
    ``forms`` are the ids of the pack's forms that it asks, all of them where empty.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    code = models.SlugField(_("代号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    reference_on = models.DateField(_("基准日"))
    opens_on = models.DateField(_("开始"))
    closes_on = models.DateField(_("截止"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True)
    forms = models.JSONField(_("调查表"), default=list, blank=True)
    asks = models.CharField(_("问什么"), max_length=12, choices=Asks, default=Asks.EXPIRED)

    class Meta:
        ordering = ["-reference_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="round_closes_after_it_opens"
            )
        ]

    def __str__(self) -> str:
        return self.code


class ImportFile(models.Model):
    """An uploaded workbook with its preview; confirmed at most once, and undone at most once after.

    ``report`` is what the preview said in numbers and problems; ``plan`` the same row by row, ``cells`` the
    sheets as they came and ``faults`` every problem with its cell, all three as Parquet. ``form`` is empty
    where the sheets belong to different forms.
    ``headings`` are the clerk's own readings of columns (heading → field id, empty for none), ``places``
    of rows whose community was not certain (as written → 12-digit code), ``reasons`` why rows that break a
    check stand nevertheless (check id → text).
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="imports")
    form = models.CharField(max_length=60, blank=True)
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PREVIEWED)
    report = models.JSONField(default=dict)
    plan = models.BinaryField(default=bytes)
    cells = models.BinaryField(default=bytes)
    faults = models.BinaryField(default=bytes)
    headings = models.JSONField(default=dict)
    places = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


class HeadingMeaning(models.Model):
    """How an office's workbooks call a field: what a clerk corrected once is read so the next time.

    ``meaning`` is a field id, one of the marks for the community (``#code`` …), or empty: not to be read.
    """

    office = models.ForeignKey(Office, models.CASCADE, related_name="+")
    form = models.CharField(max_length=60)
    heading = models.CharField(max_length=200)
    meaning = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "form", "heading"], name="heading_meaning_once")
        ]

    def __str__(self) -> str:
        return f"{self.heading} → {self.meaning}"


class Entry(models.Model):
    """Values for one place that came together from one source. Append-only.

    ``values`` maps field ids to plain JSON (dates as ISO text; null takes a value back). What holds on a
    day is the entries of the place up to that day laid over each other, oldest first, whichever form they
    came by. The source is ``way`` with the person (``by``), the file and its row, or the ``origin`` that a
    feed names. ``observed_on`` is the day on which the values were true, the day of ``at`` where it is
    null. ``reasons`` says why values stand although they break a check, or were corrected: check id (or
    ``field:<id>``) → text. ``request`` is the caller's own number of the request: sent twice, it is one
    entry. ``transaction`` tells readers which entries a snapshot could not see yet.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="entries", db_index=False)
    form = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=Level)
    place = models.ForeignKey(Place, models.PROTECT, related_name="entries", db_index=False)
    values = models.JSONField()
    way = models.CharField(max_length=12, choices=Way, default=Way.FORM, db_default=Way.FORM)
    origin = models.CharField(max_length=160, blank=True, db_default="")
    observed_on = models.DateField(null=True)
    reasons = models.JSONField(default=dict, db_default={})
    request = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    file = models.ForeignKey(ImportFile, models.PROTECT, null=True, related_name="entries", db_index=False)
    sheet = models.CharField(max_length=80, blank=True, db_default="")
    row = models.PositiveIntegerField(null=True)
    transaction = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", []), editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], name="entry_request_once", condition=models.Q(request__isnull=False)
            )
        ]
        indexes = [
            models.Index(fields=["place", "id"], name="entry_place_id"),
            models.Index(fields=["file"], name="entry_file", condition=models.Q(file__isnull=False)),
            BrinIndex(
                fields=["transaction"], name="entry_transaction", pages_per_range=16, autosummarize=True
            ),
            models.Index(fields=["round"], name="entry_correction", condition=models.Q(way=Way.CORRECTION)),
            models.Index(fields=["round"], name="entry_reasoned", condition=~models.Q(reasons={})),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.form} {self.place_id} {self.at:%Y-%m-%d}"


class Feed(models.Model):
    """Values that a department's program sent for many places at once; the entries name it as their origin.

    ``request`` is the sender's own number: sent again, ``report`` (what came of each row) is the answer.
    ``digest`` is over what was sent. Append-only.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="feeds")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    form = models.CharField(max_length=60)
    dataset = models.CharField(max_length=80)
    observed_on = models.DateField()
    request = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64)
    report = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.dataset} {self.observed_on}"


@track()
class Case(models.Model):
    """One community's survey in one round on its way up; made when somebody first moves it."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="cases")
    place = models.ForeignKey(Place, models.PROTECT, related_name="survey_cases")
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.FILLING)
    moved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "place"], name="survey_case_once")]
        indexes = [models.Index(fields=["round", "state"], name="survey_case_state")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.place_id} {self.state}"


class Step(models.Model):
    """A move that a case made: who, when, where to, and why. Append-only.

    ``transaction`` tells readers which moves a snapshot could not see yet.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=CaseState)
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    transaction = models.BigIntegerField(
        db_default=RawSQL("pg_current_xact_id()::text::bigint", []), editable=False
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["transaction"], name="survey_step_transaction")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.case_id} {self.verb}"


@track()
class ReturnedField(models.Model):
    """A single field sent back with a reason; open until it was answered anew or the reason was answered.

    ``place`` is the community or one of its units.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="returned_fields")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    form = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "place", "field"],
                name="returned_field_open_once",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.field}"


class Remark(models.Model):
    """A comment or question about a field of a place (without one, its form); answers hang below.

    ``request`` is the browser's own number of what was said: sent twice, it is one remark.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="remarks")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    field = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=1000)
    is_question = models.BooleanField(default=False)
    question = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    settled_at = models.DateTimeField(null=True)
    request = models.UUIDField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "request"], name="remark_once", condition=models.Q(request__isnull=False)
            )
        ]
        indexes = [models.Index(fields=["place", "round"], name="remark_place")]

    def __str__(self) -> str:
        return self.text[:40]


class Presence(models.Model):
    """Somebody has a place's form open; gone when not renewed for a while."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.place_id}"


class Reminder(models.Model):
    """A community was reminded of a round; at most once a day, whoever reminds."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="reminders")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    day = models.DateField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "place", "day"], name="reminder_once_a_day")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.place_id} {self.day}"


class Completeness(models.Model):
    """A certificate of completeness for a round at a place (全覆盖、无遗漏、底数清), and what it rests on.

    ``figures`` are the counts as of ``as_of`` with their definitions; ``digest`` is over them and the list
    of communities. Never changed: a later state of affairs needs a new one.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="certificates")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    as_of = models.DateField()
    figures = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.round_id} {self.place_id} {self.as_of}"
