"""Runs of a standard and what they found, community by community."""

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

    ``pack_digest`` is the edition's hash. ``facts_until`` is the id of the newest survey entry used:
    later ones make the run stale, and a refresh assesses only the places that they touch.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="runs")
    as_of = models.DateField(_("截至日"))
    pack_digest = models.CharField(max_length=64)
    facts_until = models.BigIntegerField(default=0)
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-as_of"]
        constraints = [models.UniqueConstraint(fields=["programme", "as_of"], name="run_once_a_day")]

    def __str__(self) -> str:
        return f"{self.as_of}"


class Result(models.Model):
    """One community in one run: the verdict and one letter per item, in the standard's order.

    Letters: M met, U unmet, ? unknown, N not applicable. The inputs are not copied here: entries are
    append-only, so the same day and edition explain the same result again.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="results")
    place = models.ForeignKey(Place, models.PROTECT, related_name="results")
    verdict = models.CharField(max_length=7, choices=Verdict)
    statuses = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="result_once")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.verdict}"
