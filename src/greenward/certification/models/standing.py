"""Who takes part in the programme, and which communities are pilots."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenward.core.history import track
from greenward.programmes.models import Programme
from greenward.territories.models import Place


class Standing(models.Model):
    """A community has a standing in a programme during a time; why it began, and why it ended."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="%(class)ss")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="%(class)ss")
    during = DateRangeField()
    reason = models.CharField(_("依据"), max_length=300)
    ended_because = models.CharField(_("结束原因"), max_length=300, blank=True, db_default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.place_id} {self.during}"


@track()
class Participation(Standing):
    """A community takes part (参与创建) during a time: a fact apart from meeting the requirement."""

    class Meta:
        verbose_name = _("参与创建")
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


@track()
class Pilot(Standing):
    """A community is a pilot (试点) during a time; clause 3.1.3 counts pilots per street."""

    class Meta:
        verbose_name = _("试点")
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


class StandingChange(models.Model):
    """A numbered change of a community's standing: it tells readers of figures that these moved."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk} {self.place_id}"
