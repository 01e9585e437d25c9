"""Who takes part in the programme, and which communities are pilots."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.programmes.models import Programme
from greenward.territories.models import Place


class Participation(models.Model):
    """A community takes part (参与创建) during a time: a fact apart from meeting the requirement."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="participations")
    place = models.ForeignKey(Place, models.PROTECT, related_name="participations")
    during = DateRangeField()
    reason = models.CharField(_("依据"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="participations_do_not_overlap",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id}"


class Pilot(models.Model):
    """A community is a pilot (试点) during a time; clause 3.1.3 counts pilots per street."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pilots")
    place = models.ForeignKey(Place, models.PROTECT, related_name="pilots")
    during = DateRangeField()
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="pilots_do_not_overlap",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("place", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id}"
