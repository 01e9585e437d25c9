"""Rounds, the sources of values, and entries: append-only sets of values with their provenance."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.core.history import track
from greenward.programmes.models import Programme
from greenward.survey.states import ImportState
from greenward.territories.models import Place


@track()
class Round(models.Model):
    """A survey round (摸底轮次): one state of affairs, at its reference date, for every community.

    ``closes_on`` is the day by which answers are due; late ones are taken until somebody closes the round.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds")
    code = models.SlugField(_("代号"), max_length=40, unique=True)
    title = models.CharField(_("名称"), max_length=120)
    reference_on = models.DateField(_("基准日"))
    opens_on = models.DateField(_("开始"))
    closes_on = models.DateField(_("截止"))
    closed_at = models.DateTimeField(_("关闭时间"), null=True)

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
    """An uploaded workbook with its preview; confirmed at most once.

    ``report`` is what the preview said in numbers and problems; ``plan`` the same row by row, as Parquet.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="imports")
    form = models.CharField(max_length=60)
    file_name = models.CharField(_("文件名"), max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.PREVIEWED)
    report = models.JSONField(default=dict)
    plan = models.BinaryField(default=bytes)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file_name


class Entry(models.Model):
    """Values of one form for one place that came together from one source. Append-only.

    ``values`` maps field ids to plain JSON (dates as ISO text; null takes a value back). What holds on a
    day is the entries up to that day laid over each other, oldest first. The source is the person (``by``)
    and, for workbooks, the file and its row.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="entries")
    form = models.CharField(max_length=60)
    place = models.ForeignKey(Place, models.PROTECT, related_name="entries")
    values = models.JSONField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(ImportFile, models.PROTECT, null=True, related_name="entries")
    sheet = models.CharField(max_length=80, blank=True)
    row = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["form", "place", "id"], name="entry_form_place_id")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.form} {self.place_id} {self.at:%Y-%m-%d}"
