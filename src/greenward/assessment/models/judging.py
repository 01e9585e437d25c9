"""What people judge: the question, every reviewer's opinions, final decisions, and their reopening."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from greenward.assessment.states import JudgingState
from greenward.evidence.models import Use
from greenward.packs.models import InstalledPack
from greenward.territories.models import Place

PEOPLE = settings.AUTH_USER_MODEL
APPEND_ONLY = pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
NO_REVIEWER = """
IF EXISTS (SELECT 1 FROM assessment_opinion WHERE judging_id = NEW.judging_id AND by_id = NEW.by_id) THEN
    RAISE EXCEPTION 'assessment: who gave an opinion on judging % cannot decide it', NEW.judging_id
        USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
ONE_ANSWER = Q(met__isnull=True, points__isnull=False) | Q(met__isnull=False, points__isnull=True)


class Judging(models.Model):
    """An item or indicator (``number``) of an edition that people are asked to judge at a community.

    ``least`` and ``most`` are the ends between which points or a deduction (negative) are picked; null where
    the answer is met or not met. ``key`` is the fact's key under which the standard takes the decision; empty
    where it takes none and the decision stands beside what the rules compute. ``needed`` opinions must be
    given before somebody decides. ``version`` counts everything that happened to it.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="judgings")
    pack = models.ForeignKey(InstalledPack, models.PROTECT, related_name="judgings")
    number = models.CharField(_("指标"), max_length=20)
    key = models.CharField(max_length=60, blank=True)
    least = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    most = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    needed = models.PositiveSmallIntegerField(_("需要几份意见"))
    due_on = models.DateField(_("截止日"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=JudgingState, default=JudgingState.OPEN)
    version = models.PositiveIntegerField(default=0)
    asked_by = models.ForeignKey(PEOPLE, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    withdrawn_because = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = _("人工评议")
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "pack", "number"],
                name="judging_once",
                condition=~Q(state=JudgingState.WITHDRAWN),
            ),
            models.CheckConstraint(condition=Q(state__in=JudgingState.values), name="judging_state_known"),
            models.CheckConstraint(
                condition=Q(least__isnull=True, most__isnull=True) | Q(least__lt=F("most")),
                name="judging_ends_in_order",
            ),
            models.CheckConstraint(condition=Q(needed__range=(1, 9)), name="judging_needs_opinions"),
            models.CheckConstraint(
                condition=~Q(state=JudgingState.WITHDRAWN) | ~Q(withdrawn_because=""),
                name="judging_withdrawn_because",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.number}"

    @property
    def graded(self) -> bool:
        """Whether a number is picked, not met or unmet."""
        return self.least is not None


class Opinion(models.Model):
    """What one reviewer says, with a reason and the evidence that they looked at; a change is a new version.

    Exactly one of ``met`` and ``points`` (points, or a negative deduction) is given.
    """

    judging = models.ForeignKey(Judging, models.PROTECT, related_name="opinions")
    by = models.ForeignKey(PEOPLE, models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    met = models.BooleanField(null=True)
    points = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    reason = models.CharField(_("理由"), max_length=1000)
    evidence = models.ManyToManyField(Use, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["by_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["judging", "by", "version"], name="opinion_version_once"),
            models.CheckConstraint(condition=ONE_ANSWER, name="opinion_one_answer"),
            models.CheckConstraint(condition=~Q(reason=""), name="opinion_has_reason"),
        ]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.judging_id} {self.by_id} {self.version}"


class Decision(models.Model):
    """The final word on a judging, and the opinions that it rests on. Never by who gave one of them.

    ``observed_on``: the day on which things were so; the decision counts as a fact from then on.
    """

    judging = models.ForeignKey(Judging, models.PROTECT, related_name="decisions")
    opinions = models.ManyToManyField(Opinion, related_name="decisions")
    met = models.BooleanField(null=True)
    points = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    reason = models.CharField(_("理由"), max_length=1000)
    observed_on = models.DateField()
    office = models.CharField(max_length=200)
    by = models.ForeignKey(PEOPLE, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=ONE_ANSWER, name="decision_one_answer"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
        ]
        triggers = [
            APPEND_ONLY,
            pgtrigger.Trigger(
                name="no_reviewer", operation=pgtrigger.Insert, when=pgtrigger.Before, func=NO_REVIEWER
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judging_id} {self.at}"


class Reopening(models.Model):
    """A decision is taken back, with a reason: from then on it is no fact any more."""

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="reopening")
    reason = models.CharField(_("理由"), max_length=1000)
    by = models.ForeignKey(PEOPLE, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_reason")]
        triggers = [APPEND_ONLY]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.at}"
